/*
 * network_*.json: one whole network of the NequIP kind, from e3nn. The same network is built of libeqk's layers and given the
 * file's weights; then its features, energies, forces, loss gradients (through the forces) and twenty steps of Adam are compared.
 *
 * Edges: the file's vectors run from target to source, libeqk's from source to target, and its weights by kind of atom are ordered otherwise:
 * eqk/convention.h knows the way.
 */

#include "reference.h"

#include "eqk/convention.h"
#include "eqk/graph.h"
#include "eqk/op.h"
#include "eqk/run.h"
#include "eqk/train.h"
#include "ops/op_act.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LAYERS = 8, MAX_WEIGHTS = 64 };

/* A weight of the file and the one of the program; the file's are in the convention "nequip". */
typedef struct
{
  char            name[48];
  size_t          n;
  const EqkValue *value;
  int             number;   /* of the value */
} Weight;

typedef struct
{
  RefFile    *file;
  cJSON      *weights_file, *outputs_file;
  EqkTyped   *typed;
  EqkProgram *program;
  EqkStore   *store;
  EqkRun     *run;
  Weight      weights[MAX_WEIGHTS];
  int         n_weights, n_layers, energy, forces;
  EqkConvention theirs;
  double      e_target, *f_target;
} Network;

static const EqkConvention studio = EQK_CONVENTION_STUDIO;

/* --- the network as libeqk's layers --- */

static bool
add (EqkGraph *graph, const char *id, const char *layer, const char *settings)
{
  EqkSettings *s = NULL;
  const bool   good = eqk_settings_parse (settings, &s, NULL) == EQK_OK && eqk_graph_add (graph, id, layer, s, NULL, NULL, NULL) == EQK_OK;

  eqk_settings_free (s);
  return good;
}

static bool
add_layers (RefCase *c, EqkGraph *graph, const cJSON *config, int n_layers)
{
  char settings[400], id[24], before[24] = "embed";
  bool good = true;

  for (int k = 0; k < n_layers; k++)
    {
      snprintf (settings, sizeof settings, "out=%s hidden=[%d] neighbours=%.17g species=%d constants=e3nn", cJSON_GetStringValue (ref_get (c, config, "hidden")),
                ref_int (c, ref_at (c, ref_get (c, config, "mlp"), 0)), ref_number (c, ref_get (c, config, "avg")), ref_int (c, ref_get (c, config, "nspecies")));
      snprintf (id, sizeof id, "layer%d", k);
      good = good && add (graph, id, "nequip_interaction", settings) && eqk_graph_link (graph, before, "y", id, "x", NULL) == EQK_OK &&
             eqk_graph_link (graph, "sh", "y", id, "harmonics", NULL) == EQK_OK && eqk_graph_link (graph, "rb", "y", id, "radial", NULL) == EQK_OK &&
             eqk_graph_link (graph, "in", "species", id, "species", NULL) == EQK_OK;
      snprintf (before, sizeof before, "gate%d", k);
      good = good && add (graph, before, "gate", "gates=silu scalars=silu odd=tanh normalise=on constants=e3nn") && eqk_graph_link (graph, id, "y", before, "x", NULL) == EQK_OK;
    }
  snprintf (settings, sizeof settings, "out=%dx0e", ref_int (c, ref_get (c, config, "readout")));
  return good && add (graph, "ro1", "irreps_linear", settings) && eqk_graph_link (graph, before, "y", "ro1", "x", NULL) == EQK_OK;
}

static EqkGraph *
make_graph (RefCase *c, const cJSON *config, int n_layers)
{
  const EqkSymmetry symmetry = { eqk_group_get ("O3"), true, EQK_PERMUTE_SET };
  EqkGraph         *graph = eqk_graph_new (&symmetry);
  const int         n = ref_int (c, ref_get (c, config, "nspecies"));
  const double      cutoff = ref_number (c, ref_get (c, config, "rmax"));
  char              s[200];
  bool              good;

  snprintf (s, sizeof s, "species=%d", n);
  good = add (graph, "in", "input_points", s) && add (graph, "e", "energy_readout", s);
  snprintf (s, sizeof s, "species=%d one_hot=on", n);
  good = good && add (graph, "onehot", "species_embed", s);
  snprintf (s, sizeof s, "out=%dx0e", ref_int (c, ref_get (c, config, "emb")));
  good = good && add (graph, "embed", "irreps_linear", s);
  snprintf (s, sizeof s, "cutoff=%.17g", cutoff);
  good = good && add (graph, "nb", "radius_graph", s);
  snprintf (s, sizeof s, "cutoff=%.17g n=%d p=%d", cutoff, ref_int (c, ref_get (c, config, "nb")), ref_int (c, ref_get (c, config, "pcut")));
  good = good && add (graph, "rb", "radial_basis", s);
  snprintf (s, sizeof s, "degree=%d", ref_int (c, ref_get (c, config, "lmax")));
  good = good && add (graph, "sh", "sph_harm", s) && add (graph, "f", "forces_from_energy", "") && add (graph, "ro2", "irreps_linear", "out=1x0e");
  good = good && eqk_graph_link (graph, "in", "species", "onehot", "species", NULL) == EQK_OK && eqk_graph_link (graph, "onehot", "y", "embed", "x", NULL) == EQK_OK &&
         eqk_graph_link (graph, "in", "positions", "nb", "positions", NULL) == EQK_OK && eqk_graph_link (graph, "nb", "length", "rb", "length", NULL) == EQK_OK &&
         eqk_graph_link (graph, "nb", "vector", "sh", "vector", NULL) == EQK_OK;
  good = good && add_layers (c, graph, config, n_layers) && eqk_graph_link (graph, "ro1", "y", "ro2", "x", NULL) == EQK_OK &&
         eqk_graph_link (graph, "ro2", "y", "e", "x", NULL) == EQK_OK && eqk_graph_link (graph, "in", "species", "e", "species", NULL) == EQK_OK &&
         eqk_graph_link (graph, "e", "energy", "f", "energy", NULL) == EQK_OK && eqk_graph_link (graph, "in", "positions", "f", "positions", NULL) == EQK_OK;
  if (ref_check (c, good, "the network cannot be built"))
    return graph;
  eqk_graph_free (graph);
  return NULL;
}

/* --- weights --- */

static int
find_number (const EqkProgram *program, const char *name)
{
  for (int v = 0; v < eqk_program_n_values (program); v++)
    if (eqk_program_value (program, v)->name != NULL && strcmp (eqk_program_value (program, v)->name, name) == 0)
      return v;
  return -1;
}

static const EqkValue *
find_value (const EqkProgram *program, const char *name)
{
  const int v = find_number (program, name);

  return v < 0 ? NULL : eqk_program_value (program, v);
}

static size_t
numbers_of (const EqkValue *value)
{
  size_t n = 1;

  for (int i = 0; i < value->n_dims; i++)
    n *= (size_t) value->shape[i];
  return n;
}

static void
add_weight (RefCase *c, Network *net, const char *name, const char *value_name)
{
  const EqkValue *value = find_value (net->program, value_name);
  Weight         *w;

  if (!ref_check (c, value != NULL, "libeqk has no weight %s", value_name) || !ref_check (c, net->n_weights < MAX_WEIGHTS, "too many weights"))
    return;
  w = &net->weights[net->n_weights++];
  snprintf (w->name, sizeof w->name, "%s", name);
  w->value = value;
  w->number = find_number (net->program, value_name);
  w->n = numbers_of (value);
}

static void
map_layer (RefCase *c, Network *net, int k)
{
  static const struct { const char *theirs, *ours; } names[] = { { "lin1.weight", "linear_up.weight" }, { "fc.layer0.weight", "radial.0.weight" },
                                                                 { "fc.layer1.weight", "radial.1.weight" }, { "lin2.weight", "linear_down.weight" },
                                                                 { "sc.weight", "self.weight" } };
  char theirs[64], ours[64];

  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    {
      snprintf (theirs, sizeof theirs, "layers.%d.%s", k, names[i].theirs);
      snprintf (ours, sizeof ours, "layer%d.%s", k, names[i].ours);
      add_weight (c, net, theirs, ours);
    }
}

/* n numbers of a tensor whatever its shape, as long as that holds n. */
static double *
numbers (RefCase *c, const char *what, const cJSON *tensor, size_t n)
{
  const cJSON *shape = ref_get (c, tensor, "shape"), *extent;
  double       product = 1;

  cJSON_ArrayForEach (extent, shape)
    product *= ref_number (c, extent);
  ref_check (c, product == (double) n, "%s: a shape of %g numbers, expected %zu", what, product, n);
  return ref_numbers (c, what, ref_get (c, tensor, "data"), n);
}

static void
load_weights (RefCase *c, Network *net)
{
  const cJSON    *tensors = ref_get (c, net->weights_file, "weights"), *shift = ref_get (c, net->weights_file, "shift");
  const EqkValue *one = find_value (net->program, "e.0.weight"), *shifts = find_value (net->program, "e.energy_shift"), *scale = find_value (net->program, "e.energy_scale");
  double         *flat = eqk_store_weights (net->store), *state = eqk_store_state (net->store);

  ref_check (c, cJSON_GetArraySize (tensors) == net->n_weights, "%d weights, libeqk has %d", cJSON_GetArraySize (tensors), net->n_weights);
  for (int k = 0; k < net->n_weights; k++)
    {
      double *theirs = numbers (c, net->weights[k].name, ref_get (c, tensors, net->weights[k].name), net->weights[k].n);

      if (theirs != NULL)
        eqk_convention_weight (net->program, net->weights[k].number, &net->theirs, &studio, theirs, flat + net->weights[k].value->offset);
      free (theirs);
    }
  if (ref_check (c, one != NULL && shifts != NULL && scale != NULL, "the read-out has no weight of its own"))
    {
      flat[one->offset] = 1;
      state[scale->offset] = ref_number (c, ref_get (c, net->weights_file, "scale"));
      for (int z = 0; z < shifts->width; z++)
        state[shifts->offset + (size_t) z] = ref_number (c, ref_at (c, shift, z));
    }
  eqk_store_touch (net->store);
}

static bool
network_open (RefCase *c, RefFile *file, Network *net)
{
  const cJSON            *config, *layers;
  EqkGraph               *graph;
  const EqkRunOptions     options = { .precision = EQK_F64, .train = true, .capacity = { 1, 64, 4096, 0 } };
  const EqkCompileOptions keep = { true, false };
  EqkDiag                 diag = EQK_DIAG_INIT;

  *net = (Network) { .file = file, .weights_file = ref_sibling (file, "network_weights.json"), .outputs_file = ref_sibling (file, "network_outputs.json") };
  if (!ref_check (c, net->weights_file != NULL && net->outputs_file != NULL, "network_weights.json and network_outputs.json belong together"))
    return false;
  ref_check (c, eqk_convention_parse ("nequip", &net->theirs, NULL) == EQK_OK, "no convention of that name");
  config = ref_get (c, net->weights_file, "config");
  layers = ref_get (c, net->weights_file, "layers");
  net->n_layers = ref_int (c, ref_get (c, config, "layers"));
  ref_length (c, "layers", layers, net->n_layers);
  graph = net->n_layers > MAX_LAYERS ? NULL : make_graph (c, config, net->n_layers);
  if (graph == NULL)
    return false;
  if (!ref_check (c, eqk_graph_infer (graph, &net->typed, &diag) == EQK_OK && eqk_compile (net->typed, &keep, &net->program, &diag) == EQK_OK, "%s: %s", diag.node, diag.what))
    {
      eqk_graph_free (graph);
      return false;
    }
  eqk_graph_free (graph);
  net->store = eqk_store_new (net->program, EQK_F64, 1);
  add_weight (c, net, "embed.weight", "embed.weight");
  for (int k = 0; k < net->n_layers; k++)
    map_layer (c, net, k);
  add_weight (c, net, "ro1.weight", "ro1.weight");
  add_weight (c, net, "ro2.weight", "ro2.weight");
  load_weights (c, net);
  for (int i = 0; i < eqk_program_n_outputs (net->program); i++)
    *(strcmp (eqk_program_output (net->program, i)->name, "energy") == 0 ? &net->energy : &net->forces) = i;
  return ref_check (c, eqk_run_new (net->program, net->store, &options, &net->run, &diag) == EQK_OK, "%s", diag.what);
}

static void
network_close (Network *net)
{
  eqk_run_free (net->run);
  eqk_store_unref (net->store);
  eqk_program_free (net->program);
  eqk_typed_unref (net->typed);
  cJSON_Delete (net->weights_file);
  cJSON_Delete (net->outputs_file);
  free (net->f_target);
}

/* --- passes --- */

static int
feed (RefCase *c, Network *net, const cJSON *molecule)
{
  const int n = cJSON_GetArraySize (ref_get (c, molecule, "symbols")), dims[2] = { n, 3 };
  int32_t  *species, count = n;
  double   *z, *x;

  if (!ref_check (c, n > 0 && n <= 64, "%d atoms", n))
    return 0;
  z = ref_tensor (c, "z", ref_get (c, molecule, "z"), &n, 1);
  x = ref_tensor (c, "pos", ref_get (c, molecule, "pos"), dims, 2);
  species = eqk_run_feed (net->run, eqk_program_feed (net->program, "species"));
  if (z != NULL && x != NULL)
    {
      memcpy (eqk_run_feed (net->run, eqk_program_feed (net->program, "positions")), x, (size_t) n * 3 * sizeof *x);
      for (int i = 0; i < n; i++)
        species[i] = (int32_t) z[i];
      ref_check (c, eqk_run_set_nodes (net->run, &count, 1, NULL) == EQK_OK && eqk_run_build_structures (net->run, NULL) == EQK_OK, "the batch does not fit");
    }
  free (z);
  free (x);
  return n;
}

static const double *
value_of (const Network *net, const char *node, const char *port)
{
  return eqk_run_value (net->run, eqk_program_port_value (net->program, eqk_graph_find (eqk_typed_graph (net->typed), node), port));
}

/* loss = 0.1 ((E - Et) / N)^2 + mean of (F - Ft)^2; seeds where wanted. */
static double
loss (Network *net, int n, bool seed)
{
  const double  e = *(const double *) eqk_run_value (net->run, eqk_program_output (net->program, net->energy)->value) - net->e_target;
  const double *f = eqk_run_value (net->run, eqk_program_output (net->program, net->forces)->value);
  double        sum = 0.1 * e * e / (n * n);

  if (seed)
    *(double *) eqk_run_seed (net->run, net->energy) = 0.2 * e / (n * n);
  for (int i = 0; i < 3 * n; i++)
    {
      const double d = f[i] - net->f_target[i];

      sum += d * d / (3 * n);
      if (seed)
        ((double *) eqk_run_seed (net->run, net->forces))[i] = 2 * d / (3 * n);
    }
  return sum;
}

static int
feed_first (RefCase *c, Network *net)
{
  const cJSON *molecule = ref_at (c, ref_get (c, net->outputs_file, "molecules"), 0);
  const int    n = feed (c, net, molecule), dims[2] = { n, 3 };

  net->e_target = ref_number (c, ref_get (c, molecule, "target_energy"));
  net->f_target = ref_tensor (c, "target_forces", ref_get (c, molecule, "target_forces"), dims, 2);
  return net->f_target == NULL ? 0 : n;
}

/* --- network_outputs.json --- */

static void
check_edges (RefCase *c, Network *net, const cJSON *molecule)
{
  const EqkStructure *s = &net->run->structures[0];
  const int           n = (int) s->n_edges, sh[2] = { n, 9 }, rb[2] = { n, 8 };
  double             *src, *dst, *y, *e;
  const double       *ours_y = value_of (net, "sh", "y"), *ours_e = value_of (net, "rb", "y");

  ref_equal (c, "n_edges", ref_get (c, molecule, "n_edges"), n);
  if (cJSON_GetObjectItem (molecule, "edge_src") == NULL)
    return;
  src = ref_tensor (c, "edge_src", ref_get (c, molecule, "edge_src"), &n, 1);
  dst = ref_tensor (c, "edge_dst", ref_get (c, molecule, "edge_dst"), &n, 1);
  y = cJSON_GetObjectItem (molecule, "edge_sh") == NULL ? NULL : ref_tensor (c, "edge_sh", ref_get (c, molecule, "edge_sh"), sh, 2);
  e = cJSON_GetObjectItem (molecule, "edge_embedding") == NULL ? NULL : ref_tensor (c, "edge_embedding", ref_get (c, molecule, "edge_embedding"), rb, 2);
  for (int k = 0; src != NULL && dst != NULL && k < n; k++)
    {
      int own = -1;

      for (int j = 0; j < n; j++)
        if (s->src[j] == (int32_t) src[k] && s->dst[j] == (int32_t) dst[k])
          own = j;
      if (!ref_check (c, own >= 0, "edge %d is no neighbour", k))
        break;
      for (int i = 0; y != NULL && i < 9; i++)
        ref_near (c, "edge_sh", y[9 * k + i], (i >= 1 && i < 4 ? -1 : 1) * ours_y[9 * own + i], 1e-12);
      for (int i = 0; e != NULL && i < 8; i++)
        ref_near (c, "edge_embedding", e[8 * k + i], ours_e[8 * own + i], 1e-12);
    }
  free (src);
  free (dst);
  free (y);
  free (e);
}

/* "embed", then each layer behind its gate. */
static void
check_trace (RefCase *c, Network *net, const cJSON *molecule, int n)
{
  const cJSON *trace = cJSON_GetObjectItem (molecule, "trace"), *item;
  int          k = -1;

  cJSON_ArrayForEach (item, trace)
    {
      char          id[24] = "embed";
      const double *ours;
      int           dims[2] = { n, 0 };
      double       *theirs;

      if (k >= 0)
        snprintf (id, sizeof id, "gate%d", k);
      if (!ref_check (c, k < net->n_layers, "more layers in the trace than in the network"))
        break;
      ours = value_of (net, id, "y");
      dims[1] = eqk_rep_get_dim (eqk_typed_output (net->typed, eqk_graph_find (eqk_typed_graph (net->typed), id), NULL)->rep);
      theirs = ref_tensor (c, "trace", ref_get (c, item, "value"), dims, 2);
      for (int i = 0; theirs != NULL && i < n * dims[1]; i++)
        ref_near (c, id, theirs[i], ours[i], 1e-10);
      free (theirs);
      k++;
    }
}

static void
check_molecule (Network *net, const cJSON *molecule)
{
  const char   *name = cJSON_GetStringValue (cJSON_GetObjectItem (molecule, "molecule"));
  RefCase       c = ref_case_open (net->file, "%s", name != NULL ? name : "molecule");
  const int     n = feed (&c, net, molecule), dims[2] = { n, 3 };
  double       *forces = ref_tensor (&c, "forces", ref_get (&c, molecule, "forces"), dims, 2), *atoms = ref_tensor (&c, "atomic_energies", ref_get (&c, molecule, "atomic_energies"), &n, 1);
  const double *f, *x;
  double        sum = 0;

  if (forces != NULL && atoms != NULL && c.failure[0] == '\0')
    {
      const int32_t *species = eqk_run_feed (net->run, eqk_program_feed (net->program, "species"));

      eqk_run_forward (net->run, EQK_PASS_INFER, NULL);
      ref_near (&c, "energy", ref_number (&c, ref_get (&c, molecule, "energy")),
                *(const double *) eqk_run_value (net->run, eqk_program_output (net->program, net->energy)->value), 1e-11);
      f = eqk_run_value (net->run, eqk_program_output (net->program, net->forces)->value);
      for (int i = 0; i < 3 * n; i++)
        ref_near (&c, "forces", forces[i], f[i], 1e-11);
      x = value_of (net, "ro2", "y");
      for (int i = 0; i < n; i++)
        {
          ref_near (&c, "atomic_energies", atoms[i],
                    ref_number (&c, ref_get (&c, net->weights_file, "scale")) * x[i] + ref_number (&c, ref_at (&c, ref_get (&c, net->weights_file, "shift"), species[i])), 1e-11);
          sum += atoms[i];
        }
      ref_near (&c, "sum of atomic energies", ref_number (&c, ref_get (&c, molecule, "energy")), sum, 1e-11);
      check_edges (&c, net, molecule);
      check_trace (&c, net, molecule, n);
    }
  free (forces);
  free (atoms);
  ref_case_close (&c);
}

/* Norms of the loss gradient, beside the loss. */
static void
check_norms (RefCase *c, Network *net, const cJSON *molecule)
{
  const int     n = feed_first (c, net);
  const double *g = eqk_run_weight_grads (net->run);
  const cJSON  *norms = ref_get (c, molecule, "loss_grad_norms");

  if (n == 0)
    return;
  eqk_run_forward (net->run, EQK_PASS_TRAIN, NULL);
  ref_near (c, "loss", ref_number (c, ref_get (c, molecule, "loss")), loss (net, n, true), 1e-11);
  eqk_run_backward (net->run, NULL);
  ref_check (c, cJSON_GetArraySize (norms) == net->n_weights, "%d norms", cJSON_GetArraySize (norms));
  for (int k = 0; k < net->n_weights; k++)
    {
      double sum = 0;

      for (size_t i = 0; i < net->weights[k].n; i++)
        sum += g[net->weights[k].value->offset + i] * g[net->weights[k].value->offset + i];
      ref_near (c, net->weights[k].name, ref_number (c, ref_get (c, norms, net->weights[k].name)), sqrt (sum), 1e-10);
    }
}

void
ref_run_network_outputs (RefFile *file)
{
  RefCase      c = ref_case_open (file, "network");
  Network      net;
  const cJSON *molecule, *molecules = ref_get (&c, file->root, "molecules");

  if (network_open (&c, file, &net))
    {
      ref_near (&c, "r_max", ref_number (&c, ref_get (&c, file->root, "r_max")), eqk_program_structure (net.program, 0)->cutoff, 0);
      cJSON_ArrayForEach (molecule, molecules)
        check_molecule (&net, molecule);
      check_norms (&c, &net, ref_at (&c, molecules, 0));
    }
  network_close (&net);
  ref_case_close (&c);
}

/* --- network_weights.json: every weight has its place; paths and constants of layers --- */

/* Paths are blocks of the products' irreps, sorted by degree, odd before even, in the order of paths where those are equal. */
static void
check_paths (RefCase *c, const cJSON *layer)
{
  const char   *in = cJSON_GetStringValue (ref_get (c, layer, "irreps_in"));
  const cJSON  *paths = ref_get (c, layer, "tp_instructions");
  const int     n = cJSON_GetArraySize (paths);
  const EqkRep *rep = NULL;
  int           key[256];

  if (!ref_check (c, in != NULL && n <= 256 && eqk_rep_parse (eqk_group_get ("O3"), in, &rep, NULL) == EQK_OK, "irreps_in"))
    return;
  for (int p = 0; p < n; p++)
    {
      const cJSON  *path = ref_at (c, paths, p);
      const int     run = ref_int (c, ref_at (c, path, 0)), l2 = ref_int (c, ref_at (c, path, 1));
      const double  coeff = ref_number (c, ref_at (c, path, 3));
      const int     l3 = (int) floor ((coeff * coeff - 1) / 2 + 0.5);

      ref_near (c, "coeff", coeff, sqrt (2 * l3 + 1), 1e-12);   /* one path a block: the root of the dimension of its output */
      if (ref_check (c, run < eqk_rep_n_runs (rep), "path %d reads entry %d", p, run))
        key[p] = 2 * l3 + ((eqk_field_irrep_j (eqk_rep_run (rep, run).field) + l2) % 2 == 0);
    }
  for (int p = 0; p < n && c->failure[0] == 0; p++)
    {
      int place = 0;

      for (int q = 0; q < n; q++)
        place += key[q] < key[p] || (key[q] == key[p] && q < p);
      ref_equal (c, "block of a path", ref_at (c, ref_at (c, paths, p), 2), place);
    }
}

void
ref_run_network_weights (RefFile *file)
{
  RefCase      c = ref_case_open (file, "network");
  Network      net;
  const cJSON *layer, *constant;
  int          k = 0;

  cJSON_ArrayForEach (constant, ref_get (&c, file->root, "act_constants"))
    if (ref_check (&c, eqk_act_find (constant->string) >= 0, "activation %s", constant->string))
      ref_near (&c, constant->string, ref_number (&c, constant), eqk_act_constant (eqk_act_find (constant->string), "e3nn"), 1e-12);
  if (network_open (&c, file, &net))
    {
      cJSON_ArrayForEach (layer, ref_get (&c, file->root, "layers"))
        {
          RefCase         one = ref_case_open (file, "layer %d", k);
          char            name[40];
          const EqkValue *radial;

          snprintf (name, sizeof name, "layer%d.radial.1.weight", k++);
          radial = find_value (net.program, name);
          if (ref_check (&one, radial != NULL, "no radial weights"))
            ref_equal (&one, "tp_weight_numel", ref_get (&one, layer, "tp_weight_numel"), radial->shape[1]);
          check_paths (&one, layer);
          ref_case_close (&one);
        }
    }
  network_close (&net);
  ref_case_close (&c);
}

/* --- network_loss_grads.json --- */

void
ref_run_network_loss_grads (RefFile *file)
{
  RefCase       c = ref_case_open (file, "loss");
  Network       net;
  const cJSON  *grads = ref_get (&c, file->root, "grads");
  const double *g;
  int           n = 0;

  if (network_open (&c, file, &net) && (n = feed_first (&c, &net)) > 0)
    {
      eqk_run_forward (net.run, EQK_PASS_TRAIN, NULL);
      ref_near (&c, "loss", ref_number (&c, ref_get (&c, file->root, "loss")), loss (&net, n, true), 1e-11);
      eqk_run_backward (net.run, NULL);
      g = eqk_run_weight_grads (net.run);
      ref_check (&c, cJSON_GetArraySize (grads) == net.n_weights, "%d gradients", cJSON_GetArraySize (grads));
      for (int k = 0; k < net.n_weights; k++)
        {
          const Weight *w = &net.weights[k];
          RefCase       one = ref_case_open (file, "%s", w->name);
          double       *theirs = numbers (&one, w->name, ref_get (&one, grads, w->name), w->n), *ours = malloc ((w->n + 1) * sizeof *ours);

          /* Signs are their own inverses: gradients go as the weights do. */
          eqk_convention_weight (net.program, w->number, &studio, &net.theirs, g + w->value->offset, ours);
          for (size_t i = 0; theirs != NULL && i < w->n; i++)
            ref_near (&one, w->name, theirs[i], ours[i], 1e-10);
          free (theirs);
          free (ours);
          ref_case_close (&one);
        }
    }
  network_close (&net);
  ref_case_close (&c);
}

/* --- network_adam.json --- */

void
ref_run_network_adam (RefFile *file)
{
  RefCase             c = ref_case_open (file, "twenty steps");
  Network             net;
  const cJSON        *losses = ref_get (&c, file->root, "losses");
  EqkOptimizerOptions options = EQK_OPTIMIZER_DEFAULTS;
  EqkOptimizer       *adam = NULL;
  int                 n = 0;

  options.lr = 0.01;
  if (network_open (&c, file, &net) && (n = feed_first (&c, &net)) > 0)
    adam = eqk_optimizer_new (&options, EQK_F64, eqk_store_n_weights (net.store));
  ref_check (&c, cJSON_GetArraySize (losses) >= 20, "%d losses", cJSON_GetArraySize (losses));
  for (int step = 0; adam != NULL && step < cJSON_GetArraySize (losses); step++)
    {
      const EqkValue *one = find_value (net.program, "e.0.weight");

      eqk_run_forward (net.run, EQK_PASS_TRAIN, NULL);
      ref_near (&c, "loss", ref_number (&c, ref_at (&c, losses, step)), loss (&net, n, true), 1e-8);
      eqk_run_backward (net.run, NULL);
      ((double *) eqk_run_weight_grads (net.run))[one->offset] = 0;   /* the file's network has no such weight */
      eqk_optimizer_step (adam, net.store, eqk_run_weight_grads (net.run), 1, NULL);
    }
  eqk_optimizer_free (adam);
  network_close (&net);
  ref_case_close (&c);
}
