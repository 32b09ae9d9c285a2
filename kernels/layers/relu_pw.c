/* ReLU on every number. */

#define EQK_POINTWISE_ACT "relu"
#include "layers/pointwise.h"

const EqkLayerType eqk_layer_relu_pw = {
  .id = "relu_pw", .title = EQK_N_("ReLU"), .exports = "escnn.nn.ReLU|torch.relu", EQK_POINTWISE_ENTRY,
  .doc = EQK_N_("Sets what is below zero to zero.\n\n"
                "y = max(x, 0) for every number. Exact where the group only permutes channels (regular, quotient, trivial fields). Source: Weiler & Cesa 2019, arXiv:1911.08251."),
};
