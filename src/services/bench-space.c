/*
 * Workloads in space: single layers on noise, and networks of energies and forces on aspirin. Operations of a layer are those that the
 * plans of its operations count; a training pass counts three times its forward pass, as with convolutions.
 */

#include "services/bench-private.h"

#include "model/file.h"
#include "services/template.h"

#include "check/specimen.h"
#include "eqk/op.h"
#include "eqk/random.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { ATOMS = 21 };

/* Aspirin, Å. */
static const gint32 kinds[ATOMS] = { 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0 };   /* H, C, O */
static const float  places[ATOMS][3] = {
  { 1.2333f, 0.5540f, 0.7792f }, { -0.6952f, -2.7148f, -0.7502f }, { 0.7958f, -2.1843f, 0.8685f }, { 1.7813f, 0.8105f, -1.4821f }, { -0.0857f, 0.6088f, 0.4403f },
  { -0.7927f, -0.5515f, 0.1244f }, { -0.7288f, 1.8464f, 0.4133f }, { -2.1426f, -0.4741f, -0.2184f }, { -2.0787f, 1.9238f, 0.0706f }, { -2.7855f, 0.7636f, -0.2453f },
  { -0.1409f, -1.8536f, 0.1477f }, { 2.1094f, 0.6715f, -0.3113f }, { 3.5305f, 0.5996f, 0.1635f }, { -0.1851f, 2.7545f, 0.6593f }, { -2.7247f, -1.3605f, -0.4564f },
  { -2.5797f, 2.8872f, 0.0506f }, { -3.8374f, 0.8238f, -0.5090f }, { 3.7290f, 1.4184f, 0.8593f }, { 4.2045f, 0.6969f, -0.6924f }, { 3.7105f, -0.3659f, 0.6426f },
  { -0.2555f, -3.5916f, -0.7337f },
};

static EqkStatus
make_run (EqsBench *self, const EqkSizes *sizes, gboolean train, gboolean input_grads, EqkDiag *diag)
{
  const EqkRunOptions options = { .precision = EQK_F32, .train = train, .input_grads = input_grads, .capacity = *sizes, .pool = self->pool };
  EqkStatus           status;

  self->store = eqk_store_new (self->program, EQK_F32, 1);
  status = self->store == NULL ? EQK_ERR_NO_MEMORY : eqk_run_new (self->program, self->store, &options, &self->run, diag);
  return status == EQK_OK ? eqk_run_set_sizes (self->run, sizes, diag) : status;
}

/* ---- layers ---- */

/* Targets take turns, so that each has as many edges; sources are drawn. */
static EqkStatus
link_nodes (EqsBench *self, EqkDiag *diag)
{
  const gsize        edges = (gsize) self->workload->edges;
  const gint32       nodes = self->workload->nodes;
  g_autofree gint32 *src = g_new (gint32, edges + 1), *dst = g_new (gint32, edges + 1);
  EqkRandom          random = eqk_random (1, EQK_RANDOM_NOISE, 97, 0, 0);
  EqkStatus          status = eqk_run_set_nodes (self->run, &nodes, 1, diag);

  for (gsize e = 0; e < edges; e++)
    {
      src[e] = (gint32) eqk_random_below (&random, (guint32) nodes);
      dst[e] = (gint32) (e % (gsize) nodes);
    }
  return status == EQK_OK && edges > 0 ? eqk_run_set_edges (self->run, src, dst, edges, NULL, diag) : status;
}

/* A pass may use the memory of feeds again, so noise is drawn once and copied for each. */
static void
feed_noise (EqsBench *self)
{
  EqkRandom random = eqk_random (1, EQK_RANDOM_NOISE, 96, 0, 0);
  gsize     at = 0;

  if (self->b == NULL)
    {
      for (int v = 0; v < eqk_program_n_values (self->program); v++)
        if (eqk_program_value (self->program, v)->kind == EQK_VALUE_FEED)
          at += eqk_run_rows (self->run, v) * (gsize) eqk_program_value (self->program, v)->width;
      self->b = eqs_bench_random_floats (at, 10);
    }
  at = 0;
  for (int v = 0; v < eqk_program_n_values (self->program); v++)
    {
      const EqkValue *value = eqk_program_value (self->program, v);
      const gsize     n = value->kind == EQK_VALUE_FEED ? eqk_run_rows (self->run, v) * (gsize) value->width : 0;

      if (n > 0 && !value->index)
        memcpy (eqk_run_feed (self->run, v), self->b + at, n * sizeof *self->b);
      for (gsize i = 0; value->index && i < n; i++)
        ((gint32 *) eqk_run_feed (self->run, v))[i] = (gint32) eqk_random_below (&random, 3);
      at += n;
    }
}

void
eqs_bench_work_layer (EqsBench *self)
{
  feed_noise (self);
  if (g_str_has_suffix (self->workload->name, "-train"))
    eqs_bench_work_train (self);
  else
    eqs_bench_work_forward (self);
}

gboolean
eqs_bench_set_up_layer (EqsBench *self, GError **error)
{
  const EqsWorkload *w = self->workload;
  const gboolean     train = g_str_has_suffix (w->name, "-train");
  const EqkSizes     sizes = { .batch = 1, .nodes = (gsize) w->nodes, .edges = (gsize) MAX (w->edges, 1) };
  EqkSpecimen        specimen = { .group = "O3", .settings = w->settings };
  EqkDiag            diag = EQK_DIAG_INIT;
  EqkStatus          status;

  for (guint i = 0; i < G_N_ELEMENTS (w->inputs); i++)
    specimen.inputs[i] = w->inputs[i];
  status = eqk_specimen_program (eqk_layer_find (w->subject), &specimen, NULL, &self->program, &diag);
  if (status == EQK_OK)
    status = make_run (self, &sizes, train, train, &diag);
  if (status == EQK_OK)
    status = link_nodes (self, &diag);
  if (status != EQK_OK)
    return eqs_bench_fail (error, status, &diag);
  self->gflop = 2e-9 * eqk_run_macs (self->run, -1) * (train ? 3 : 1);
  return TRUE;
}

/* ---- molecules ---- */

/* The network that e3nn was timed with but for its readout: radial networks 8-64-64, a set of weights for each kind of atom beside each interaction. */
static EqsDocument *
nequip (gboolean forces, GError **error)
{
  g_autoptr (GString) text = g_string_new ("{\"format\": \"equistudio.design\", \"version\": 1, \"name\": \"nequip\", \"symmetry\": {\"group\": \"E3\", \"translations\": true, \"permutations\": \"set\"},"
                                           " \"nodes\": [{\"id\": \"atoms\", \"layer\": \"input_points\", \"params\": {\"species\": 3}},"
                                           "{\"id\": \"gate0\", \"layer\": \"species_embed\", \"params\": {\"species\": 3, \"channels\": 32}},"
                                           "{\"id\": \"near\", \"layer\": \"radius_graph\", \"params\": {\"cutoff\": 4}},"
                                           "{\"id\": \"harmonics\", \"layer\": \"sph_harm\", \"params\": {\"degree\": 2}},"
                                           "{\"id\": \"radial\", \"layer\": \"radial_basis\", \"params\": {\"cutoff\": 4, \"n\": 8}},");
  GString *links = g_string_new ("{\"from\": \"atoms.species\", \"to\": \"gate0.species\"}, {\"from\": \"atoms.positions\", \"to\": \"near.positions\"},"
                                 "{\"from\": \"near.vector\", \"to\": \"harmonics.vector\"}, {\"from\": \"near.length\", \"to\": \"radial.length\"}");
  EqsDocument *document;

  for (int i = 1; i <= 3; i++)
    {
      g_string_append_printf (text, "{\"id\": \"inter%d\", \"layer\": \"nequip_interaction\", \"params\": {\"out\": \"32x0e + 32x1o + 32x2e\", \"hidden\": [64, 64], \"species\": 3, \"neighbours\": 14}},"
                                    "{\"id\": \"gate%d\", \"layer\": \"gate\", \"params\": {\"gates\": \"silu\", \"normalise\": true}},", i, i);
      g_string_append_printf (links, ", {\"from\": \"gate%d.y\", \"to\": \"inter%d.x\"}, {\"from\": \"harmonics.y\", \"to\": \"inter%d.harmonics\"}, {\"from\": \"radial.y\", \"to\": \"inter%d.radial\"},"
                                     "{\"from\": \"atoms.species\", \"to\": \"inter%d.species\"}, {\"from\": \"inter%d.y\", \"to\": \"gate%d.x\"}", i - 1, i, i, i, i, i, i);
    }
  g_string_append_printf (text, "{\"id\": \"scalars\", \"layer\": \"extract_scalars\"}, {\"id\": \"energy\", \"layer\": \"energy_readout\", \"params\": {\"hidden\": [], \"species\": 3}}%s], \"links\": [",
                          forces ? ", {\"id\": \"forces\", \"layer\": \"forces_from_energy\"}" : "");
  g_string_append_printf (text, "%s, {\"from\": \"gate3.y\", \"to\": \"scalars.x\"}, {\"from\": \"scalars.y\", \"to\": \"energy.x\"}, {\"from\": \"atoms.species\", \"to\": \"energy.species\"}%s]}", links->str,
                          forces ? ", {\"from\": \"energy.energy\", \"to\": \"forces.energy\"}, {\"from\": \"atoms.positions\", \"to\": \"forces.positions\"}" : "");
  document = eqs_file_parse (text->str, -1, error);
  g_string_free (links, TRUE);
  return document;
}

static gboolean
open_design (EqsBench *self, GError **error)
{
  const EqsWorkload *w = self->workload;

  self->document = w->subject == NULL ? nequip (w->settings == NULL, error) : eqs_template_new (w->subject, error);
  if (self->document == NULL || (w->subject != NULL && !eqs_compile_apply_preview (self->document, error)))
    return FALSE;
  self->check = eqs_check_new (self->document, error);
  if (self->check == NULL)
    return FALSE;
  if (self->check->program == NULL)
    {
      const EqsProblem *problem = self->check->problems->len > 0 ? g_ptr_array_index (self->check->problems, 0) : NULL;

      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("The design of %s does not run: %s"), w->name, problem == NULL ? "" : problem->message);
      return FALSE;
    }
  self->program = self->check->program;
  return TRUE;
}

/* Each molecule shaken by a twentieth of an ångström. A pass may use the memory of feeds again. */
static void
feed_molecules (EqsBench *self)
{
  const gsize atoms = (gsize) self->workload->size * ATOMS;

  for (int v = 0; v < eqk_program_n_values (self->program); v++)
    if (eqk_program_value (self->program, v)->kind == EQK_VALUE_FEED)
      for (gsize i = 0; i < atoms; i++)
        {
          if (eqk_program_value (self->program, v)->index)
            ((gint32 *) eqk_run_feed (self->run, v))[i] = kinds[i % ATOMS];
          for (gsize c = 0; c < 3 && !eqk_program_value (self->program, v)->index; c++)
            ((float *) eqk_run_feed (self->run, v))[3 * i + c] = places[i % ATOMS][c] + 0.05f * self->b[3 * i + c];
        }
}

gboolean
eqs_bench_set_up_molecule (EqsBench *self, GError **error)
{
  const EqkOptimizerOptions options = EQK_OPTIMIZER_DEFAULTS;
  const int                 n = self->workload->size;
  const EqkSizes            sizes = { .batch = n, .nodes = (gsize) n * ATOMS, .edges = (gsize) n * ATOMS * (ATOMS - 1) };
  g_autofree gint32        *counts = g_new (gint32, n);
  EqkDiag                   diag = EQK_DIAG_INIT;
  EqkStatus                 status;

  if (!open_design (self, error))
    return FALSE;
  for (int i = 0; i < n; i++)
    counts[i] = ATOMS;
  status = make_run (self, &sizes, g_str_has_prefix (self->workload->name, "step-"), FALSE, &diag);
  if (status == EQK_OK)
    status = eqk_run_set_nodes (self->run, counts, n, &diag);
  if (status != EQK_OK)
    return eqs_bench_fail (error, status, &diag);
  self->a = eqs_bench_random_floats (3 * sizes.nodes, 6);   /* energies and forces to learn */
  self->b = eqs_bench_random_floats (3 * sizes.nodes, 5);
  self->optimizer = eqk_optimizer_new (&options, EQK_F32, eqk_program_n_weights (self->program));
  return TRUE;
}

/* Neighbours, energies and forces; in training the loss, tangent and second reverse pass, and Adam too. */
void
eqs_bench_work_molecule (EqsBench *self)
{
  const gboolean train = g_str_has_prefix (self->workload->name, "step-");

  feed_molecules (self);
  eqs_bench_begin (self);
  eqk_run_build_structures (self->run, NULL);
  eqk_run_forward (self->run, train ? EQK_PASS_TRAIN : EQK_PASS_INFER, NULL);
  for (int i = 0; train && i < eqk_program_n_outputs (self->program); i++)
    {
      const int   output = eqk_program_output (self->program, i)->value;
      const gsize n = eqk_run_rows (self->run, output) * (gsize) eqk_program_value (self->program, output)->width;

      eqk_loss_numbers (EQK_LOSS_MSE, EQK_F32, eqk_run_value (self->run, output), self->a, n, 1, 1, 1, eqk_run_seed (self->run, i));
    }
  if (train)
    {
      eqk_run_backward (self->run, NULL);
      eqk_optimizer_step (self->optimizer, self->store, eqk_run_weight_grads (self->run), 1, self->pool);
    }
  eqs_bench_end (self);
}
