/* The function stands in the layer's place: a source whose expansion calls it. */

#include "one-op.h"

#include "eqk/op.h"
#include "graph/graph-private.h"

#include <stdlib.h>
#include <string.h>

struct OneOp
{
  RefCase    *c;
  int         batch, width;
  EqkTyped   *typed;
  EqkProgram *program;
  EqkStore   *store;
  EqkRun     *run;
};

static struct { OneOpBuild build; void *data; int width; } current;

static const EqkPort outputs[] = { { .name = "y", .doc = "" }, { .name = NULL } };

static EqkStatus
infer (EqkInfer *ctx, EqkDiag *diag)
{
  const EqkSymmetry *symmetry = eqk_infer_symmetry (ctx);
  const EqkPortType  y = { .space = { EQK_SPACE_SAMPLE, 0, 0, 0 }, .symmetry = *symmetry, .rep = eqk_rep_single (eqk_group_trivial (symmetry->group), current.width),
                           .kind = EQK_KIND_FEATURE };

  return eqk_infer_set_output (ctx, "y", &y);
}

static EqkStatus
expand (EqkBuild *b, EqkDiag *diag)
{
  const int y = current.build (b, current.data, diag);

  eqk_build_set_output (b, "y", y);
  return y < 0 ? EQK_ERR_INTERNAL : EQK_OK;
}

static const EqkLayerType stand_in = { .id = "stand_in", .title = "", .category = "", .domains = "any", .flags = EQK_LAYER_INPUT, .outputs = outputs, .infer = infer, .expand = expand };

/* Program, store and run of a graph, which is freed. */
static bool
compile (OneOp *self, EqkGraph *graph, const EqkSizes *capacity, EqkDiag *diag)
{
  const EqkRunOptions     options = { .precision = EQK_F64, .train = true, .input_grads = true, .capacity = *capacity };
  const EqkCompileOptions keep = { .keep_all = true };
  const bool              good = eqk_graph_infer (graph, &self->typed, diag) == EQK_OK && eqk_compile (self->typed, &keep, &self->program, diag) == EQK_OK &&
                                 (self->store = eqk_store_new (self->program, EQK_F64, 1)) != NULL &&
                                 eqk_run_new (self->program, self->store, &options, &self->run, diag) == EQK_OK;

  eqk_graph_free (graph);
  return good;
}

OneOp *
one_op_new (RefCase *c, int batch, int width, OneOpBuild build, void *data)
{
  const EqkSymmetry symmetry = { .group = eqk_group_get ("O3") };
  EqkGraph         *graph = eqk_graph_new (&symmetry);
  OneOp            *self = calloc (1, sizeof *self);
  EqkDiag           diag = EQK_DIAG_INIT;
  bool              good = graph != NULL && self != NULL;

  current.build = build;
  current.data = data;
  current.width = width;
  if (self != NULL)
    *self = (OneOp){ .c = c, .batch = batch, .width = width };
  if (good)
    {
      graph->bare = true;
      good = eqk_graph_add_type (graph, "it", &stand_in, NULL, NULL, NULL, &diag) == EQK_OK;
    }
  if (!good)
    eqk_graph_free (graph);
  good = good && compile (self, graph, &(EqkSizes){ .batch = batch }, &diag) && eqk_run_set_sizes (self->run, &(EqkSizes){ .batch = batch }, &diag) == EQK_OK;
  if (ref_check (c, good, "cannot be built: %s", diag.what))
    return self;
  one_op_free (self);
  return NULL;
}

static bool
set_points (OneOp *self, int samples, int points, EqkDiag *diag)
{
  int32_t n[64];

  for (int s = 0; s < samples && s < 64; s++)
    n[s] = points;
  return samples <= 64 && eqk_run_set_nodes (self->run, n, samples, diag) == EQK_OK && eqk_run_build_structures (self->run, diag) == EQK_OK;
}

OneOp *
one_layer_new (RefCase *c, const char *layer, const char *settings, const char *irreps, int samples, int points)
{
  const EqkSymmetry symmetry = { eqk_group_get ("O3"), true, points > 0 ? EQK_PERMUTE_SET : EQK_PERMUTE_NONE };
  EqkPortType       type = { .space = { points > 0 ? EQK_SPACE_NODES : EQK_SPACE_SAMPLE, 0, 0, 0 }, .symmetry = symmetry, .kind = EQK_KIND_FEATURE,
                             .guarantee = { EQK_HOLDS_EXACT, eqk_guarantee_full_mask (symmetry.group), -1, NULL } };
  const EqkSizes    capacity = { .batch = samples, .nodes = (size_t) (samples * points) };
  EqkGraph         *graph = eqk_graph_new (&symmetry);
  EqkSettings      *parsed = NULL;
  OneOp            *self = calloc (1, sizeof *self);
  EqkDiag           diag = EQK_DIAG_INIT;
  bool              good = irreps != NULL && eqk_rep_parse (symmetry.group, irreps, &type.rep, &diag) == EQK_OK && eqk_settings_parse (settings, &parsed, &diag) == EQK_OK;

  *self = (OneOp){ .c = c, .batch = samples * (points > 0 ? points : 1) };
  graph->bare = true;
  good = good && eqk_graph_add_probe (graph, "x", &type, NULL, &diag) == EQK_OK && eqk_graph_add (graph, "it", layer, parsed, NULL, NULL, &diag) == EQK_OK &&
         eqk_graph_link (graph, "x", "y", "it", "x", &diag) == EQK_OK;
  eqk_settings_free (parsed);
  if (!good)
    eqk_graph_free (graph);
  good = good && compile (self, graph, &capacity, &diag) && (points > 0 ? set_points (self, samples, points, &diag) : eqk_run_set_sizes (self->run, &capacity, &diag) == EQK_OK);
  if (ref_check (c, good, "layer “%s” cannot be built: %s", layer, diag.what))
    {
      self->width = eqk_rep_get_dim (eqk_program_output (self->program, 0)->type.rep);
      return self;
    }
  one_op_free (self);
  return NULL;
}

void
one_op_free (OneOp *self)
{
  if (self == NULL)
    return;
  eqk_run_free (self->run);
  eqk_store_unref (self->store);
  eqk_program_free (self->program);
  eqk_typed_unref (self->typed);
  free (self);
}

void
one_op_feed (OneOp *self, const char *name, const double *x)
{
  const int v = eqk_program_feed (self->program, name);

  if (!ref_check (self->c, v >= 0, "no feed “%s”", name))
    return;
  if (eqk_program_value (self->program, v)->index)
    for (size_t i = 0; i < eqk_run_rows (self->run, v); i++)
      ((int32_t *) eqk_run_feed (self->run, v))[i] = (int32_t) x[i];
  else
    memcpy (eqk_run_feed (self->run, v), x, eqk_run_rows (self->run, v) * (size_t) eqk_program_value (self->program, v)->width * sizeof (double));
}

static const EqkValue *
tensor (OneOp *self, const char *name)
{
  for (int v = 0; v < eqk_program_n_values (self->program); v++)
    {
      const EqkValue *value = eqk_program_value (self->program, v);

      if ((value->kind == EQK_VALUE_WEIGHT || value->kind == EQK_VALUE_STATE) && strcmp (value->name + strlen ("it."), name) == 0)
        return value;
    }
  ref_check (self->c, false, "no tensor “%s”", name);
  return NULL;
}

double *
one_op_weight (OneOp *self, const char *name)
{
  const EqkValue *value = tensor (self, name);

  eqk_store_touch (self->store);
  return value == NULL ? NULL : (double *) eqk_store_weights (self->store) + value->offset;
}

double *
one_op_state (OneOp *self, const char *name)
{
  const EqkValue *value = tensor (self, name);

  return value == NULL ? NULL : (double *) eqk_store_state (self->store) + value->offset;
}

const double *
one_op_forward (OneOp *self, bool train)
{
  EqkDiag diag = EQK_DIAG_INIT;

  eqk_store_touch (self->store);
  ref_check (self->c, eqk_run_forward (self->run, train ? EQK_PASS_TRAIN : EQK_PASS_INFER, &diag) == EQK_OK, "forward: %s", diag.what);
  return eqk_run_value (self->run, eqk_program_output (self->program, 0)->value);
}

void
one_op_backward (OneOp *self, const double *v)
{
  EqkDiag diag = EQK_DIAG_INIT;

  memcpy (eqk_run_seed (self->run, 0), v, (size_t) (self->batch * self->width) * sizeof *v);
  ref_check (self->c, eqk_run_backward (self->run, &diag) == EQK_OK, "backward: %s", diag.what);
}

const double *
one_op_gradient (OneOp *self, const char *feed)
{
  return eqk_run_grad (self->run, eqk_program_feed (self->program, feed));
}

const double *
one_op_weight_gradient (OneOp *self, const char *name)
{
  const EqkValue *value = tensor (self, name);

  return value == NULL ? NULL : (const double *) eqk_run_weight_grads (self->run) + value->offset;
}

void
one_op_commit (OneOp *self)
{
  eqk_run_commit (self->run);
}
