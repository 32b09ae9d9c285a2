/* Two stretches of fields. */

#include "layers/grids.h"
#include "core/memory.h"

static const EqkPort inputs[] = { { .name = "x", .doc = EQK_N_("Fields") }, { .name = NULL } };
static const EqkPort outputs[] = {
  { .name = "a", .doc = EQK_N_("The first channels") }, { .name = "b", .doc = EQK_N_("The other channels") }, { .name = NULL }
};

static const EqkParam params[] = {
  { "at", EQK_N_("Cut"), EQK_PARAM_INT, NULL, 1, 65535, NULL, EQK_N_("Channels of the first part; must lie between two fields") },
  { NULL }
};

/* Number of fields before channel `at`; -1 with the field that holds it when it lies inside of one. */
static int
fields_before (const EqkRep *rep, int at, const EqkField **inside, int *border)
{
  for (int i = 0; i < eqk_rep_n_fields (rep); i++)
    {
      int             channel;
      const EqkField *field = eqk_rep_field (rep, i, &channel);

      if (channel == at)
        return i;
      if (channel + eqk_field_get_dim (field) > at)
        {
          *inside = field;
          *border = channel > 0 ? channel : channel + eqk_field_get_dim (field);
          return -1;
        }
    }
  return eqk_rep_n_fields (rep);
}

static const EqkRep *
part (const EqkRep *rep, int begin, int end)
{
  EqkRepRun    *runs = eqk_malloc (((size_t) (end - begin) + 1) * sizeof *runs);
  const EqkRep *out;

  if (runs == NULL)
    return NULL;
  for (int i = begin; i < end; i++)
    runs[i - begin] = (EqkRepRun){ eqk_rep_field (rep, i, NULL), 1 };
  out = eqk_rep_from_runs (eqk_rep_get_group (rep), runs, end - begin);
  free (runs);
  return out;
}

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkPortType *x = eqk_fields_input (ctx, diag);
  const int          at = eqk_infer_int (ctx, "at");
  const EqkField    *inside = NULL;
  int                border = 0, cut;
  EqkPortType        a, b;

  if (x == NULL)
    return EQK_ERR_TYPE;
  cut = fields_before (x->rep, at, &inside, &border);
  if (cut < 0)
    {
      char text[16];

      snprintf (text, sizeof text, "%d", border);
      eqk_infer_problem (ctx, "E-SPLIT-FIELD", "x", "c=%d irr='%s'", at, eqk_field_get_name (inside));
      eqk_infer_fix (ctx, EQK_N_("Cut between the fields"));
      eqk_fix_set (ctx, "$", "at", text);
      return eqk_fail (diag, EQK_ERR_TYPE, "split");
    }
  if (at >= eqk_rep_get_dim (x->rep))
    return eqk_fail_expected (diag, EQK_ERR_SHAPE, "at", "fewer channels than the input has", "as many or more");
  a = eqk_port_with_rep (x, part (x->rep, 0, cut));
  b = eqk_port_with_rep (x, part (x->rep, cut, eqk_rep_n_fields (x->rep)));
  if (a.rep == NULL || b.rep == NULL || eqk_infer_set_output (ctx, "a", &a) != EQK_OK)
    return EQK_ERR_NO_MEMORY;
  return eqk_infer_set_output (ctx, "b", &b);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const int            n = eqk_rep_get_dim (eqk_build_in (b, "x")->rep), at = eqk_build_int (b, "at");
  const EqkSpace       space = eqk_build_in (b, "x")->space;
  const EqkSliceParams first = { n, 0, at }, second = { n, at, n - at };
  const int            x = eqk_build_x (b, "x"), a = eqk_grid_op (b, "slice", x, space, at, &first, sizeof first, diag);
  const int            c = eqk_grid_op (b, "slice", x, space, n - at, &second, sizeof second, diag);

  if (a < 0 || c < 0)
    return EQK_ERR_NO_MEMORY;
  eqk_build_set_output (b, "a", a);
  eqk_build_set_output (b, "b", c);
  return EQK_OK;
}

static const EqkSpecimen specimens[] = {
  { .group = "C4", .inputs = { "grid 5x5 2x reg + 1x f1" }, .settings = "at=8" },
  { .group = "D4", .inputs = { "sample 1x triv + 2x f1" }, .settings = "at=3" },
  { .group = NULL }
};

const EqkLayerType eqk_layer_split = {
  .id = "split", .title = EQK_N_("Split"), .category = EQK_N_("Structure"), .domains = "any",
  .inputs = inputs, .outputs = outputs, .params = params, .infer = infer, .expand = expand, .specimens = specimens, .exports = "torch.split",
  .doc = EQK_N_("Parts the fields in two.\n\n"
                "The fields before and after a cut, never part of one. Exact."),
};
