/* Tanh on every number. */

#define EQK_POINTWISE_ACT "tanh"
#include "layers/pointwise.h"

const EqkLayerType eqk_layer_tanh_pw = {
  .id = "tanh_pw", .title = EQK_N_("Tanh"), .exports = "torch.nn.Tanh", EQK_POINTWISE_ENTRY,
  .doc = EQK_N_("Bends numbers softly into the range from −1 to 1.\n\n"
                "y = tanh(x) for every number. Odd, so it is exact also on numbers that change sign under the group. Source: Weiler & Cesa 2019."),
};
