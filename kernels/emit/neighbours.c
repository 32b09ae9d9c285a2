/*
 * The optional list of neighbours of an exported model: the text of graph/neighbours.c's idea, in C that stands alone. Points are sorted
 * into bins no thinner than the cut-off; with a lattice a bin beyond the end is one of the first again under a shift.
 */

#include "emit/emit-private.h"

static const char body[] =
  "static void\ncross_product (const double *a, const double *b, double *c)\n{\n  for (int k = 0; k < 3; k++)\n"
  "    c[k] = a[(k + 1) % 3] * b[(k + 2) % 3] - a[(k + 2) % 3] * b[(k + 1) % 3];\n}\n\nstatic double\nlength_of (const double *a)\n{\n"
  "  return sqrt (a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);\n}\n\n"
  "/* c = a unit vector across a and b, or across a and the axis it leans to least. */\nstatic void\n"
  "unit_across (const double *a, const double *b, double *c)\n{\n  double axis[3] = { 0.0, 0.0, 0.0 }, size;\n\n"
  "  axis[fabs (a[0]) <= fabs (a[1]) && fabs (a[0]) <= fabs (a[2]) ? 0 : fabs (a[1]) <= fabs (a[2]) ? 1 : 2] = 1.0;\n"
  "  cross_product (a, b != NULL ? b : axis, c);\n  size = length_of (c);\n  for (int k = 0; k < 3; k++)\n"
  "    c[k] /= size > 0.0 ? size : 1.0;\n}\n\ntypedef struct\n{\n"
  "  double  h[9], inverse[9], lo[3], range[3], width[3];   /* lattice, made whole by unit vectors where it is not periodic */\n"
  "  int32_t periodic[3], bins[3], steps[3];\n} cells;\n\nstatic int\nmake_lattice (cells *c, const float *cell)\n{\n"
  "  int    rows[3] = { 0, 0, 0 }, spare[3] = { 0, 0, 0 }, n = 0, open = 0;\n  double cofactor[9], volume;\n\n  for (int k = 0; k < 3; k++)\n"
  "    {\n      for (int a = 0; a < 3; a++)\n        c->h[3 * k + a] = cell != NULL ? (double) cell[3 * k + a] : 0.0;\n"
  "      c->periodic[k] = length_of (c->h + 3 * k) > 0.0;\n      if (c->periodic[k])\n        rows[n++] = k;\n      else\n"
  "        spare[open++] = k;\n    }\n  if (n == 0)\n    for (int k = 0; k < 3; k++)\n      c->h[4 * k] = 1.0;\n  if (n == 1 || n == 2)\n"
  "    unit_across (c->h + 3 * rows[0], n == 2 ? c->h + 3 * rows[1] : NULL, c->h + 3 * spare[0]);\n  if (n == 1)\n"
  "    unit_across (c->h + 3 * rows[0], c->h + 3 * spare[0], c->h + 3 * spare[1]);\n  for (int k = 0; k < 3; k++)\n"
  "    cross_product (c->h + 3 * ((k + 1) % 3), c->h + 3 * ((k + 2) % 3), cofactor + 3 * k);\n"
  "  volume = c->h[0] * cofactor[0] + c->h[1] * cofactor[1] + c->h[2] * cofactor[2];\n"
  "  if (!(fabs (volume) > 1e-9 * length_of (c->h) * length_of (c->h + 3) * length_of (c->h + 6)))\n    return 0;\n"
  "  for (int k = 0; k < 3; k++)\n    {\n      for (int a = 0; a < 3; a++)\n        c->inverse[3 * a + k] = cofactor[3 * k + a] / volume;\n"
  "      c->width[k] = fabs (volume) / length_of (cofactor + 3 * k);   /* of the whole so far */\n    }\n  return 1;\n}\n\nstatic double\n"
  "fraction_of (const cells *c, const double *y, int k)\n{\n"
  "  return y[0] * c->inverse[k] + y[1] * c->inverse[3 + k] + y[2] * c->inverse[6 + k];\n}\n\n/* y: node i, wrapped into the lattice. */\n"
  "static void\nwrapped (const cells *c, const float *x, const int32_t *wrap, int32_t i, double *y)\n{\n  for (int a = 0; a < 3; a++)\n    {\n"
  "      y[a] = (double) x[3 * i + a];\n      for (int k = 0; k < 3; k++)\n        y[a] -= (double) wrap[3 * i + k] * c->h[3 * k + a];\n    }\n"
  "}\n\n/* Bins no thinner than the cut-off, no more than four a node. */\nstatic int\nmake_bins (cells *c, int32_t n, double cutoff)\n{\n"
  "  double all = 1.0;\n\n  for (int k = 0; k < 3; k++)\n    {\n"
  "      const double most = floor (c->range[k] * c->width[k] / (cutoff * (1.0 + 1e-6)));\n\n"
  "      c->bins[k] = most < 1.0 ? 1 : most > 1024.0 ? 1024 : (int32_t) most;\n    }\n"
  "  while ((double) c->bins[0] * (double) c->bins[1] * (double) c->bins[2] > 4.0 * (double) n + 8.0)\n    {\n      int widest = 0;\n\n"
  "      for (int k = 1; k < 3; k++)\n        widest = c->bins[k] > c->bins[widest] ? k : widest;\n"
  "      c->bins[widest] = (c->bins[widest] + 1) / 2;\n    }\n  for (int k = 0; k < 3; k++)\n    {\n"
  "      const double thick = c->range[k] * c->width[k] / (double) c->bins[k], wanted = thick > 0.0 ? ceil (cutoff * (1.0 + 1e-9) / thick) : 0.0;\n"
  "      const double most = c->periodic[k] ? 1e3 : (double) (c->bins[k] - 1);\n\n"
  "      c->steps[k] = (int32_t) (wanted < most ? wanted : most);\n      all *= 2.0 * (double) c->steps[k] + 1.0;\n    }\n"
  "  return all <= 1048576.0;\n}\n\nstatic int32_t\nbin_of (const cells *c, const double *y)\n{\n  int32_t bin = 0;\n\n"
  "  for (int k = 0; k < 3; k++)\n    {\n"
  "      const double at = c->range[k] > 0.0 ? floor ((fraction_of (c, y, k) - c->lo[k]) / c->range[k] * (double) c->bins[k]) : 0.0;\n\n"
  "      bin = bin * c->bins[k] + (at < 0.0 ? 0 : at >= (double) c->bins[k] ? c->bins[k] - 1 : (int32_t) at);\n    }\n  return bin;\n}\n\n"
  "static void\nsort_nodes (cells *c, int32_t n, const float *x, const int32_t *wrap, int32_t *first, int32_t *points)\n{\n"
  "  const int32_t total = c->bins[0] * c->bins[1] * c->bins[2];\n  double        y[3];\n\n  for (int32_t b = 0; b <= total; b++)\n"
  "    first[b] = 0;\n  for (int32_t i = 0; i < n; i++)\n    {\n      wrapped (c, x, wrap, i, y);\n      first[bin_of (c, y) + 1]++;\n    }\n"
  "  for (int32_t b = 0; b < total; b++)\n    first[b + 1] += first[b];\n  for (int32_t i = 0; i < n; i++)\n    {\n"
  "      wrapped (c, x, wrap, i, y);\n      points[first[bin_of (c, y)]++] = i;\n    }\n  for (int32_t b = total; b > 0; b--)\n"
  "    first[b] = first[b - 1];\n  first[0] = 0;\n}\n\n"
  "/* Edge e goes down to its place among those of the same target: by src, then shift. */\nstatic void\n"
  "settle (int32_t e, int32_t begin, int32_t *src, int32_t *shift)\n{\n  for (; e > begin; e--)\n    {\n"
  "      int order = src[e] - src[e - 1];\n\n      for (int k = 0; k < 3 && shift != NULL && order == 0; k++)\n"
  "        order = shift[3 * e + k] - shift[3 * (e - 1) + k];\n      if (order >= 0)\n        return;\n      order = src[e];\n"
  "      src[e] = src[e - 1];\n      src[e - 1] = order;\n      for (int k = 0; k < 3 && shift != NULL; k++)\n        {\n"
  "          order = shift[3 * e + k];\n          shift[3 * e + k] = shift[3 * (e - 1) + k];\n          shift[3 * (e - 1) + k] = order;\n"
  "        }\n    }\n}\n\nstatic int32_t\n"
  "find_neighbours (int32_t n, const float *x, const float *cell, double cutoff, int32_t max_edges, int32_t *src, int32_t *dst, int32_t *shift, int32_t *work)\n"
  "{\n  int32_t *first = work, *points = first + 4 * n + 9, *wrap = points + n, count = 0;\n"
  "  double   y[3], z[3], top[3] = { 0.0, 0.0, 0.0 };\n  cells    c;\n\n  if (!make_lattice (&c, cell))\n    return -2;\n"
  "  for (int32_t i = 0; i < n; i++)\n    for (int k = 0; k < 3; k++)\n      {\n        double f;\n\n        for (int a = 0; a < 3; a++)\n"
  "          y[a] = (double) x[3 * i + a];\n        f = fraction_of (&c, y, k);\n        if (!(fabs (f) < 1e8))\n          return -2;\n"
  "        wrap[3 * i + k] = c.periodic[k] ? (int32_t) floor (f) : 0;\n"
  "        c.lo[k] = c.periodic[k] ? 0.0 : i == 0 || f < c.lo[k] ? f : c.lo[k];\n"
  "        top[k] = c.periodic[k] ? 1.0 : i == 0 || f > top[k] ? f : top[k];\n        c.range[k] = top[k] - c.lo[k];\n      }\n  if (n == 0)\n"
  "    return 0;\n  if (!make_bins (&c, n, cutoff))\n    return -2;\n  sort_nodes (&c, n, x, wrap, first, points);\n"
  "  for (int32_t i = 0; i < n; i++)\n    {\n      const int32_t begin = count;\n      int32_t       own;\n\n"
  "      wrapped (&c, x, wrap, i, y);\n      own = bin_of (&c, y);\n      for (int32_t s0 = -c.steps[0]; s0 <= c.steps[0]; s0++)\n"
  "        for (int32_t s1 = -c.steps[1]; s1 <= c.steps[1]; s1++)\n          for (int32_t s2 = -c.steps[2]; s2 <= c.steps[2]; s2++)\n"
  "            {\n"
  "              const int32_t at[3] = { own / (c.bins[1] * c.bins[2]) + s0, own / c.bins[2] % c.bins[1] + s1, own % c.bins[2] + s2 };\n"
  "              int32_t       turns[3] = { 0, 0, 0 }, bin = 0;\n              int           inside = 1;\n\n"
  "              for (int k = 0; k < 3; k++)\n                {\n"
  "                  inside = inside && (c.periodic[k] || (at[k] >= 0 && at[k] < c.bins[k]));\n"
  "                  turns[k] = at[k] >= 0 ? at[k] / c.bins[k] : -((c.bins[k] - 1 - at[k]) / c.bins[k]);\n"
  "                  bin = bin * c.bins[k] + at[k] - turns[k] * c.bins[k];\n                }\n"
  "              for (int32_t p = inside ? first[bin] : 0; inside && p < first[bin + 1]; p++)\n                {\n"
  "                  const int32_t j = points[p];\n                  double        r2 = 0.0;\n\n"
  "                  wrapped (&c, x, wrap, j, z);\n                  for (int a = 0; a < 3; a++)\n                    {\n"
  "                      const double d = y[a] - z[a] - (double) turns[0] * c.h[a] - (double) turns[1] * c.h[3 + a] - (double) turns[2] * c.h[6 + a];\n"
  "\n                      r2 += d * d;\n                    }\n"
  "                  if (!(r2 <= cutoff * cutoff) || (i == j && turns[0] == 0 && turns[1] == 0 && turns[2] == 0))\n"
  "                    continue;\n                  if (count == max_edges)\n                    return -1;\n"
  "                  src[count] = j;\n                  dst[count] = i;\n                  for (int k = 0; k < 3 && shift != NULL; k++)\n"
  "                    shift[3 * count + k] = turns[k] + wrap[3 * i + k] - wrap[3 * j + k];\n"
  "                  settle (count++, begin, src, shift);\n                }\n            }\n    }\n  return count;\n}\n";

/* The rule that it serves, where the positions (and the lattice) are the caller's own. */
static const EqkStructureRule *
rule_of (const EqkEmitter *self, const EqkEmitPort **positions, const EqkEmitPort **cell)
{
  const EqkStructureRule *rule = self->has_edges && eqk_program_n_structures (self->program) > 0 ? eqk_program_structure (self->program, 0) : NULL;

  *positions = *cell = NULL;
  if (rule == NULL || rule->given || rule->complete || rule->nearest > 0 || rule->most > 0)
    return NULL;
  for (int i = 0; i < self->n_inputs; i++)
    {
      if (self->ports[i].value == rule->positions)
        *positions = &self->ports[i];
      if (self->ports[i].value == rule->cell)
        *cell = &self->ports[i];
    }
  return *positions != NULL && (rule->cell < 0 || *cell != NULL) ? rule : NULL;
}

static void
add_arguments (EqkText *out, const char *prefix, bool periodic)
{
  eqk_text_add (out, "int32_t%s%s_neighbours (int32_t n_nodes, const float *positions%s, int32_t max_edges, int32_t *src, int32_t *dst%s, int32_t *work)", periodic ? "\n" : " ", prefix,
                periodic ? ", const float *cell" : "", periodic ? ", int32_t *shift" : "");
}

void
eqk_emitter_declare_neighbours (EqkEmitter *self, EqkText *out)
{
  const EqkEmitPort      *positions, *cell;
  const EqkStructureRule *rule = rule_of (self, &positions, &cell);

  if (rule == NULL)
    return;
  eqk_text_add (out, "\n/** Numbers that %s_neighbours works in, for n nodes. */\n#define %s_NEIGHBOUR_WORK(n) (8 * (n) + 9)\n", self->prefix, self->macro_prefix);
  eqk_text_add (out, "/**\n * Optional: the edges that %s_run wants, by lists of cells, linear in the number of nodes; any other way to find them will do.\n *\n"
                     " * @param work  [%s_NEIGHBOUR_WORK (n_nodes)]\n"
                     " * @return how many there are; -1: more than max_edges; -2: a position is not finite%s\n */\n", self->prefix, self->macro_prefix,
                rule->cell >= 0 ? ", or the cell has no volume or is far smaller than the cut-off" : "");
  add_arguments (out, self->prefix, rule->cell >= 0);
  eqk_text_add (out, ";\n");
}

void
eqk_emitter_define_neighbours (EqkEmitter *self, EqkText *out)
{
  const EqkEmitPort      *positions, *cell;
  const EqkStructureRule *rule = rule_of (self, &positions, &cell);

  if (rule == NULL)
    return;
  eqk_text_add (out, "/* ---- neighbours ---- */\n\n");
  eqk_text_append (out, body, sizeof body - 1);
  eqk_text_add (out, "\n");
  add_arguments (out, self->prefix, rule->cell >= 0);
  eqk_text_add (out, "\n{\n  if (n_nodes < 0 || positions == NULL || src == NULL || dst == NULL || work == NULL)\n    return -2;\n"
                     "  return find_neighbours (n_nodes, positions, %s, (double) %s_CUTOFF, max_edges, src, dst, %s, work);\n}\n\n", rule->cell >= 0 ? "cell" : "NULL", self->macro_prefix,
                rule->cell >= 0 ? "shift" : "NULL");
}

void
eqk_emitter_check_neighbours (EqkEmitter *self, EqkText *out)
{
  const EqkEmitPort      *positions, *cell;
  const EqkStructureRule *rule = rule_of (self, &positions, &cell);
  const char             *m = self->macro_prefix;

  if (rule == NULL)
    return;
  eqk_text_add (out, "/* The optional list of neighbours finds the edges of the studio. */\nstatic int\ncheck_neighbours (void)\n{\n"
                     "  static int32_t found_src[%s_MAX_EDGES], found_dst[%s_MAX_EDGES], work[%s_NEIGHBOUR_WORK (%s_MAX_NODES)];\n", m, m, m, m);
  if (rule->cell >= 0)
    eqk_text_add (out, "  static int32_t found_shift[3 * %s_MAX_EDGES];\n", m);
  eqk_text_add (out, "\n  for (int k = 0; k < N_PAIRS; k++)\n    {\n      const pair *p = &pairs[k];\n      int32_t     n;\n\n      load (p);\n"
                     "      n = %s_neighbours (p->n_nodes, in_%s", self->prefix, positions->name);
  if (rule->cell >= 0)
    eqk_text_add (out, ", in_%s", cell->name);
  eqk_text_add (out, ", %s_MAX_EDGES, found_src, found_dst%s, work);\n", m, rule->cell >= 0 ? ", found_shift" : "");
  eqk_text_add (out, "      if (n != p->n_edges || memcmp (found_src, p->src, (size_t) n * sizeof *found_src) != 0 || memcmp (found_dst, p->dst, (size_t) n * sizeof *found_dst) != 0%s)\n"
                     "        {\n          printf (\"pair %%d: the list of neighbours differs\\n\", k);\n          return 1;\n        }\n    }\n  return 0;\n}\n\n",
                rule->cell >= 0 ? " ||\n          memcmp (found_shift, p->shift, 3 * (size_t) n * sizeof *found_shift) != 0" : "");
}

bool
eqk_emitter_has_neighbours (const EqkEmitter *self)
{
  const EqkEmitPort *positions, *cell;

  return rule_of (self, &positions, &cell) != NULL;
}
