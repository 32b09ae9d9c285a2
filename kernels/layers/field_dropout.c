/* Dropout of whole fields. */

#include "layers/fields.h"

static const EqkParam params[] = {
  { "p", EQK_N_("Probability"), EQK_PARAM_REAL, "0.1", 0, 0.9, NULL, EQK_N_("Share of fields that are set to zero in training") },
  { NULL }
};

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const EqkPortType *y = eqk_build_out (b, "y");
  EqkFieldLayout     layout;
  EqkDropoutParams   p = { .n_channels = eqk_rep_get_dim (y->rep), .n_fields = eqk_rep_n_fields (y->rep), .p = eqk_build_real (b, "p") };
  int                in = eqk_build_x (b, "x"), out = eqk_build_value (b, y->space, p.n_channels);

  if (out < 0 || !eqk_layout_build (b, y->rep, EQK_COLUMNS_NONE, &layout))
    return EQK_ERR_NO_MEMORY;
  p.first = layout.first;
  eqk_build_set_output (b, "y", out);
  return eqk_build_op (b, "dropout", &in, 1, &out, 1, &p, sizeof p, diag);
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 5x5 3x reg + 2x f1" }, .settings = "p=0.4" },
  { .group = "O3", .inputs = { "nodes 4x triv + 2x (1,1)" }, .settings = "" },
  { .group = "SO2", .inputs = { "sample 6x f1" }, .settings = "p=0" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_field_dropout = {
  .id = "field_dropout", .title = EQK_N_("Field dropout"), .category = EQK_N_("Regularisation"), .domains = "any",
  .inputs = eqk_fields_in, .outputs = eqk_fields_out, .params = params, .infer = eqk_fields_same, .expand = expand,
  .specimens = specimens, .exports = "escnn.nn.FieldDropout|e3nn.nn.Dropout",
  .doc = EQK_N_("Switches whole fields off at random in training: never half an arrow.\n\n"
                "In training each field is set to zero with probability p, the same at every place of a sample, and the others are divided by 1 − p; in use nothing happens. "
                "Exact: every mask treats all components of a field alike. Source: Srivastava et al. 2014; Weiler & Cesa 2019."),
};
