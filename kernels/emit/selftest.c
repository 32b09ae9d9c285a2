/* The text of selftest.c, around its pairs and elements, and that of example.c. */

#include "emit/selftest-private.h"

#include <stdlib.h>
#include <string.h>

static void
add_call (EqkEmitter *self, EqkText *out, const char *input, const char *edges, const char *output)
{
  eqk_text_add (out, "%s_run (&model", self->prefix);
  if (self->has_nodes)
    eqk_text_add (out, ", p->n_nodes");
  for (int i = 0; i < self->n_inputs; i++)
    eqk_text_add (out, ", %s%s", input, self->ports[i].name);
  if (self->has_edges)
    eqk_text_add (out, ", p->n_edges, %ssrc, %sdst", edges, edges);
  if (self->has_shifts)
    eqk_text_add (out, ", %sshift", edges);
  for (int i = self->n_inputs; i < self->n_ports; i++)
    eqk_text_add (out, ", %s%s", output, self->ports[i].name);
  eqk_text_add (out, ")");
}

static const char *
count_in_pair (EqkEmitter *self, const EqkEmitPort *port)
{
  const EqkValue *v = eqk_program_value (self->program, port->value);

  if (v->space.kind == EQK_SPACE_NODES || v->space.kind == EQK_SPACE_EDGES || v->space.kind == EQK_SPACE_PAIRS)
    return eqk_emitter_text (self, "%s * %d", eqk_selftest_rows (self, &v->space), v->width);
  return eqk_emitter_port_count (self, port, true);
}

static void
add_pair_table (EqkEmitter *self, EqkText *out)
{
  eqk_text_add (out, "\ntypedef struct\n{\n  int32_t n_nodes, n_edges;\n");
  if (self->single_error != NULL)
    eqk_text_add (out, "  double allowed;   /* more than TOLERANCE where the input hardly determines the answer, so that rounding is magnified */\n");
  for (int i = 1; i <= eqk_program_n_selections (self->program); i++)
    eqk_text_add (out, "  int32_t n_nodes_%d, n_edges_%d;\n", i, i);
  for (int i = 0; i < self->n_ports; i++)
    eqk_text_add (out, "  const %s *%s;\n", self->ports[i].index ? "int32_t" : i < self->n_inputs ? (self->fine ? "int32_t" : "int16_t") : "float", self->ports[i].name);
  if (self->has_edges)
    eqk_text_add (out, "  const int32_t *src, *dst%s;\n", self->has_shifts ? ", *shift" : "");
  eqk_text_add (out, "} pair;\n\nenum { N_PAIRS = %d };\n\nstatic const pair pairs[] = {\n", N_PAIRS);
  for (int k = 0; k < N_PAIRS; k++)
    {
      eqk_text_add (out, "  { %d, %d,", self->pair_nodes[k], self->pair_edges[k]);
      if (self->single_error != NULL && eqk_selftest_allowed (self, k) > USUALLY_ALLOWED)
        {
          eqk_text_append (out, " ", 1);
          eqk_text_float (out, (float) eqk_selftest_allowed (self, k));
          eqk_text_append (out, ",", 1);
        }
      else if (self->single_error != NULL)
        eqk_text_add (out, " TOLERANCE,");
      for (int i = 0; i < eqk_program_n_selections (self->program); i++)
        eqk_text_add (out, " %zu, %zu,", self->pair_kept[k * EQK_MAX_SELECTIONS + i].nodes, self->pair_kept[k * EQK_MAX_SELECTIONS + i].edges);
      for (int i = 0; i < self->n_ports; i++)
        eqk_text_add (out, " %s_%d,", self->ports[i].name, k);
      if (self->has_edges)
        eqk_text_add (out, " src_%d, dst_%d,", k, k);
      if (self->has_shifts)
        eqk_text_add (out, " shift_%d,", k);
      eqk_text_add (out, " },\n");
    }
  eqk_text_add (out, "};\n\n");
}

static void
add_memory (EqkEmitter *self, EqkText *out, bool symmetry)
{
  const char *m = self->macro_prefix;

  eqk_text_add (out, "static %s_MEMORY (arena, %s_ARENA_BYTES);\n", m, m);
  if (self->options->compact)
    eqk_text_add (out, "static %s_MEMORY (expanded, %s_WEIGHTS_BYTES);\n", m, m);
  eqk_text_add (out, "static %s model;\n", self->prefix);
  for (int i = 0; i < self->n_ports; i++)
    {
      eqk_text_add (out, "static %s %s%s[%s_%s_COUNT]", self->ports[i].index ? "int32_t" : "float", i < self->n_inputs ? "in_" : "out_", self->ports[i].name, m, self->ports[i].macro);
      if (symmetry)
        eqk_text_add (out, ", turned_%s[%s_%s_COUNT]", self->ports[i].name, m, self->ports[i].macro);
      if (symmetry && i >= self->n_inputs)
        eqk_text_add (out, ", of_turned_%s[%s_%s_COUNT]", self->ports[i].name, m, self->ports[i].macro);
      eqk_text_add (out, ";\n");
    }
  if (self->has_edges && symmetry)
    eqk_text_add (out, "static int32_t turned_src[%s_MAX_EDGES], turned_dst[%s_MAX_EDGES];\n", m, m);
  if (self->has_shifts && symmetry)
    eqk_text_add (out, "static int32_t turned_shift[3 * %s_MAX_EDGES];\n", m);
  eqk_text_add (out, "\n");
}

static void
add_load (EqkEmitter *self, EqkText *out)
{
  eqk_text_add (out, "/* Numbers are kept as integers times a power of two. */\nstatic void\nload (const pair *p)\n{\n  (void) p;\n");
  for (int i = 0; i < self->n_inputs; i++)
    {
      const EqkEmitPort *port = &self->ports[i];

      eqk_text_add (out, "  for (size_t i = 0; i < %s; i++)\n    in_%s[i] = ", count_in_pair (self, port), port->name);
      if (port->index)
        eqk_text_add (out, "p->%s[i];\n", port->name);
      else
        {
          eqk_text_float (out, (float) (1 / self->scale[i]));
          eqk_text_add (out, " * (float) p->%s[i];\n", port->name);
        }
    }
  eqk_text_add (out, "}\n\n");
}

static const char comparing[] =
  "/* The largest difference, as a part of `scale`; NaN counts as infinite. */\n"
  "static double\nworst_of (const float *x, const float *y, size_t n, double scale)\n{\n  double worst = 0.0;\n\n"
  "  for (size_t i = 0; i < n; i++)\n    {\n      const double d = fabs ((double) x[i] - (double) y[i]);\n\n"
  "      if (!(d <= worst))\n        worst = d >= 0.0 ? d : 1e300;\n    }\n  return scale > 0.0 ? worst / scale : worst > 0.0 ? 1e300 : 0.0;\n}\n\n"
  "static double\nlargest_of (const float *x, size_t n)\n{\n  double largest = 0.0;\n\n"
  "  for (size_t i = 0; i < n; i++)\n    if (fabs ((double) x[i]) > largest)\n      largest = fabs ((double) x[i]);\n  return largest;\n}\n\n";

static void
add_check_pairs (EqkEmitter *self, EqkText *out)
{
  const char *m = self->macro_prefix, *mine = self->single_error != NULL ? "own" : "worst";

  eqk_text_append (out, comparing, sizeof comparing - 1);
  eqk_text_add (out, "/* Outputs against those of the studio, relative to the largest number of that output. */\nstatic int\ncheck_pairs (void)\n{\n"
                     "  double worst = 0.0%s;\n", self->single_error != NULL ? ", share = 0.0" : "");
  for (int i = self->n_inputs; i < self->n_ports; i++)
    eqk_text_add (out, "  double scale_%s = 0.0;\n", self->ports[i].name);
  eqk_text_add (out, "\n  for (int k = 0; k < N_PAIRS; k++)\n    {\n      const pair *p = &pairs[k];\n\n");
  for (int i = self->n_inputs; i < self->n_ports; i++)
    eqk_text_add (out, "      scale_%s = fmax (scale_%s, largest_of (p->%s, %s));\n", self->ports[i].name, self->ports[i].name, self->ports[i].name, count_in_pair (self, &self->ports[i]));
  eqk_text_add (out, "    }\n  for (int k = 0; k < N_PAIRS; k++)\n    {\n      const pair *p = &pairs[k];\n\n      load (p);\n      if (");
  add_call (self, out, "in_", "p->", "out_");
  eqk_text_add (out, " != %s_OK)\n        return 1;\n", m);
  if (self->single_error != NULL)
    eqk_text_add (out, "      double own = 0.0;\n\n");
  for (int i = self->n_inputs; i < self->n_ports; i++)
    eqk_text_add (out, "      %s = fmax (%s, worst_of (out_%s, p->%s, %s, scale_%s));\n", mine, mine, self->ports[i].name, self->ports[i].name, count_in_pair (self, &self->ports[i]), self->ports[i].name);
  if (self->single_error == NULL)
    eqk_text_add (out, "    }\n  printf (\"%%d pairs: worst relative difference %%.2e (at most %%.0e)\\n\", (int) N_PAIRS, worst, TOLERANCE);\n  return worst <= TOLERANCE ? 0 : 1;\n}\n\n");
  else
    eqk_text_add (out, "      worst = fmax (worst, own);\n      share = fmax (share, own / p->allowed);\n    }\n"
                       "  printf (\"%%d pairs: worst relative difference %%.2e, %%.0f %%%% of what its input allows (%%.0e, more where rounding is magnified)\\n\",\n"
                       "          (int) N_PAIRS, worst, 100.0 * share, TOLERANCE);\n  return share <= 1.0 ? 0 : 1;\n}\n\n");
}

static void
add_check_symmetry (EqkEmitter *self, EqkText *out, bool permuted)
{
  const bool  shares = self->single_error != NULL;
  const char *mine = shares ? "own" : "worst";

  eqk_text_add (out, "/* f(g x) = g f(x) */\nstatic int\ncheck_symmetry (int element)\n{\n  double worst = 0.0%s;\n\n  for (int k = 0; k < N_PAIRS; k += 4)\n    {\n"
                     "      const pair *p = &pairs[k];\n%s\n      load (p);\n", shares ? ", share = 0.0" : "", shares ? "      double own = 0.0;\n" : "");
  if (self->has_edges && permuted)
    eqk_text_add (out, "      move_edges (p, element);\n");
  else if (self->has_edges)
    eqk_text_add (out, "      memcpy (turned_src, p->src, (size_t) p->n_edges * sizeof *turned_src);\n      memcpy (turned_dst, p->dst, (size_t) p->n_edges * sizeof *turned_dst);\n");
  if (self->has_shifts && permuted)
    eqk_text_add (out, "      for (int32_t e = 0; e < 3 * p->n_edges; e++)\n        turned_shift[e] = p->shift[3 * edge_of[e / 3] + e %% 3];\n");
  else if (self->has_shifts)
    eqk_text_add (out, "      memcpy (turned_shift, p->shift, 3 * (size_t) p->n_edges * sizeof *turned_shift);\n");
  for (int i = 0; i < self->n_inputs; i++)
    eqk_text_add (out, "      turn_%s (p, element, in_%s, turned_%s);\n", self->ports[i].name, self->ports[i].name, self->ports[i].name);
  eqk_text_add (out, "      if (");
  add_call (self, out, "in_", "p->", "out_");
  eqk_text_add (out, " != %s_OK || ", self->macro_prefix);
  add_call (self, out, "turned_", "turned_", "of_turned_");
  eqk_text_add (out, " != %s_OK)\n        return 1;\n", self->macro_prefix);
  for (int i = self->n_inputs; i < self->n_ports; i++)
    {
      const char *name = self->ports[i].name, *count = count_in_pair (self, &self->ports[i]);

      eqk_text_add (out, "      turn_%s (p, element, out_%s, turned_%s);\n", name, name, name);
      eqk_text_add (out, "      %s = fmax (%s, worst_of (of_turned_%s, turned_%s, %s, largest_of (out_%s, %s)));\n", mine, mine, name, name, count, name, count);
    }
  if (shares)   /* both runs round, one from turned inputs that are rounded too */
    eqk_text_add (out, "      worst = fmax (worst, own);\n      share = fmax (share, own / fmax (SYMMETRY_TOLERANCE, 2.0 * p->allowed));\n    }\n"
                       "  printf (\"symmetry, %%s: worst relative difference %%.2e, %%.0f %%%% of what its input allows\\n\", element_names[element], worst, 100.0 * share);\n"
                       "  return share <= 1.0 ? 0 : 1;\n}\n\n");
  else
    eqk_text_add (out, "    }\n  printf (\"symmetry, %%s: worst relative difference %%.2e (at most %%.0e)\\n\", element_names[element], worst, SYMMETRY_TOLERANCE);\n"
                       "  return worst <= SYMMETRY_TOLERANCE ? 0 : 1;\n}\n\n");
}

static void
add_main (EqkEmitter *self, EqkText *out, bool symmetry)
{
  const char *p = self->prefix, *m = self->macro_prefix;

  eqk_text_add (out, "int\nmain (void)\n{\n  int failed = 0;\n\n  if (%s_check (%s_DESIGN_HASH, %s_FORMAT) != %s_OK)\n    {\n      printf (\"model.c is of another design\\n\");\n      return 1;\n    }\n", p, m, m, m);
  eqk_text_add (out, "  if (%s_checksum () != 0x%08xu)\n    {\n      printf (\"the weights were changed\\n\");\n      failed++;\n    }\n", p, (unsigned) eqk_emitter_checksum (self));
  eqk_text_add (out, "  if (%s_init (&model, arena, sizeof arena%s) != %s_OK)\n    {\n      printf (\"the model could not be initialised\\n\");\n      return 1;\n    }\n", p,
                self->options->compact ? ", expanded, sizeof expanded" : "", m);
  eqk_text_add (out, "  failed += check_pairs ();\n");
  if (eqk_emitter_has_neighbours (self))
    eqk_text_add (out, "  failed += check_neighbours ();\n");
  if (symmetry)
    eqk_text_add (out, "  for (int element = 0; element < N_ELEMENTS; element++)\n    failed += check_symmetry (element);\n");
  else
    eqk_text_add (out, "  printf (\"symmetry: this design promises none that can be checked exactly\\n\");\n");
  eqk_text_add (out, "  printf (failed == 0 ? \"passed\\n\" : \"FAILED\\n\");\n  return failed == 0 ? 0 : 1;\n}\n");
}

void
eqk_emitter_selftest (EqkEmitter *self, EqkText *out)
{
  const EqkSymmetry *symmetry = eqk_graph_get_symmetry (eqk_typed_graph (eqk_program_typed (self->program)));
  const bool         permuted = symmetry->permutations != EQK_PERMUTE_NONE && self->has_nodes;
  EqkElement         elements[N_ELEMENTS];
  const int          n = eqk_selftest_elements (self, symmetry, elements);

  self->scale = eqk_emitter_alloc (self, (size_t) self->n_inputs * sizeof *self->scale);
  self->pair_nodes = eqk_emitter_alloc (self, N_PAIRS * sizeof (int));
  self->pair_kept = eqk_emitter_alloc (self, N_PAIRS * EQK_MAX_SELECTIONS * sizeof *self->pair_kept);
  self->pair_edges = eqk_emitter_alloc (self, N_PAIRS * sizeof (int));
  if (self->status != EQK_OK)
    return;
  self->n_elements = n;
  self->fine = eqk_selftest_needs_fine (self);
  if (self->fine)
    {
      self->single_error = eqk_emitter_alloc (self, (size_t) (N_PAIRS * self->n_ports) * sizeof *self->single_error);
      self->largest = eqk_emitter_alloc (self, (size_t) self->n_ports * sizeof *self->largest);
      if (self->status != EQK_OK)
        return;
    }
  eqk_emitter_banner (self, out, "selftest.c");
  eqk_text_add (out, "#include \"model.h\"\n\n#include <math.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n\n"
                     "#define TOLERANCE 1e-5\n#define SYMMETRY_TOLERANCE 1e-4\n\n/* ---- pairs ---- */\n\n");
  eqk_selftest_pairs (self, out);
  add_pair_table (self, out);
  add_memory (self, out, n > 0);
  add_load (self, out);
  add_check_pairs (self, out);
  eqk_emitter_check_neighbours (self, out);
  if (n > 0)
    {
      eqk_selftest_symmetry (self, out, symmetry, elements, n);
      add_check_symmetry (self, out, permuted);
    }
  add_main (self, out, n > 0);
}

/* ---- example.c ---- */

/* How many numbers of an output an example shows at most; of a selected part only the model knows how many rows there are. */
static const char *
first_numbers (EqkEmitter *self, const EqkEmitPort *port)
{
  const EqkValue *v = eqk_program_value (self->program, port->value);

  return v->space.structure > 0 ? eqk_emitter_text (self, "%d", v->width) : eqk_emitter_port_count (self, port, false);
}

void
eqk_emitter_example (EqkEmitter *self, EqkText *out)
{
  const char *p = self->prefix, *m = self->macro_prefix;

  eqk_emitter_banner (self, out, "example.c");
  eqk_text_add (out, "/* The smallest program that uses the model: made-up input, printed output. */\n\n#include \"model.h\"\n\n#include <stdio.h>\n\n");
  add_memory (self, out, false);
  eqk_text_add (out, "int\nmain (void)\n{\n");
  if (self->has_nodes)
    eqk_text_add (out, "  const int32_t n_nodes = 2;\n");
  if (self->has_edges)
    eqk_text_add (out, "  const int32_t n_edges = 2, src[] = { 1, 0 }, dst[] = { 0, 1 };   /* both ways, sorted by dst */\n");
  if (self->has_shifts)
    eqk_text_add (out, "  const int32_t shift[6] = { 0 };\n");
  eqk_text_add (out, "  %s_status status = %s_init (&model, arena, sizeof arena%s);\n\n", p, p, self->options->compact ? ", expanded, sizeof expanded" : "");
  for (int i = 0; i < self->n_inputs; i++)
    eqk_text_add (out, self->ports[i].index ? "  for (size_t i = 0; i < %s; i++)\n    in_%s[i] = 0;\n" : "  for (size_t i = 0; i < %s; i++)\n    in_%s[i] = 0.1f * (float) (i %% 7);\n",
                  eqk_emitter_port_count (self, &self->ports[i], false), self->ports[i].name);
  eqk_text_add (out, "  if (status == %s_OK)\n    status = %s_run (&model", m, p);
  if (self->has_nodes)
    eqk_text_add (out, ", n_nodes");
  for (int i = 0; i < self->n_inputs; i++)
    eqk_text_add (out, ", in_%s", self->ports[i].name);
  if (self->has_edges)
    eqk_text_add (out, ", n_edges, src, dst%s", self->has_shifts ? ", shift" : "");
  for (int i = self->n_inputs; i < self->n_ports; i++)
    eqk_text_add (out, ", out_%s", self->ports[i].name);
  eqk_text_add (out, ");\n  if (status != %s_OK)\n    {\n      printf (\"%%s\\n\", %s_status_text (status));\n      return 1;\n    }\n", m, p);
  for (int i = self->n_inputs; i < self->n_ports; i++)
    eqk_text_add (out, "  for (size_t i = 0; i < %s && i < 10; i++)\n    printf (\"%s[%%d] = %%g\\n\", (int) i, (double) out_%s[i]);\n",
                  first_numbers (self, &self->ports[i]), self->ports[i].name, self->ports[i].name);
  eqk_text_add (out, "  return 0;\n}\n");
}
