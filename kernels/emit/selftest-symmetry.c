/* Elements of the symmetry that the self-test checks, as matrices of pixels and of channels. */

#include "emit/selftest-private.h"

#include "group/group-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool
acts_everywhere (const EqkEmitter *self, const EqkGroup *group, const EqkElement *g)
{
  EqkElement own;

  for (int i = 0; i < self->n_ports; i++)
    {
      const EqkPortType *type = self->ports[i].type;
      double             m[9] = { 1, 0, 0, 1 };

      if (self->ports[i].index)
        continue;
      if (!eqk_group_descend (group, type->symmetry.group, g, &own))
        return false;
      if (type->space.kind != EQK_SPACE_GRID)
        continue;
      if (!eqk_group_on_grid (group, g))
        return false;
      if (eqk_group_get_space_dim (group) == 2)
        eqk_group_action (group, g, m);
      if (type->space.h != type->space.w && fabs (m[0]) < 0.5)
        return false;
    }
  return true;
}

static bool
is_promised (const EqkEmitter *self, int bit)
{
  for (int i = self->n_inputs; i < self->n_ports; i++)
    {
      const EqkGuarantee *promise = &self->ports[i].type->guarantee;

      if (promise->holds == EQK_HOLDS_LOST || (bit < 0 ? promise->exact != EQK_ALL_ELEMENTS : (promise->exact >> bit & 1) == 0))
        return false;
    }
  return true;
}

int
eqk_selftest_elements (const EqkEmitter *self, const EqkSymmetry *symmetry, EqkElement out[N_ELEMENTS])
{
  EqkElement     all[64];
  int            n = 0;
  const uint64_t full = eqk_guarantee_full_mask (symmetry->group);

  if (eqk_group_get_space_dim (symmetry->group) == 3)
    for (int i = 0; i < N_ELEMENTS && is_promised (self, -1); i++)
      all[n++] = eqk_group_sample (symmetry->group, self->options->seed, 100 + (uint64_t) i);
  else
    for (int bit = 1; bit < 64; bit++)
      if ((full >> bit & 1) != 0 && is_promised (self, bit))
        {
          all[n] = eqk_guarantee_element (symmetry->group, bit);
          n += acts_everywhere (self, symmetry->group, &all[n]);
        }
  if (n == 0 && symmetry->permutations != EQK_PERMUTE_NONE && self->has_nodes && is_promised (self, eqk_group_get_space_dim (symmetry->group) == 3 ? -1 : 0))
    for (; n < N_ELEMENTS; n++)      /* each with another permutation */
      all[n] = eqk_group_identity (symmetry->group);
  for (int i = 0; i < N_ELEMENTS && i < n; i++)
    out[i] = all[n <= N_ELEMENTS ? i : i * (n - 1) / (N_ELEMENTS - 1)];
  return n < N_ELEMENTS ? n : N_ELEMENTS;
}

/* rho(g) as a list of its numbers that are not zero. */
static void
add_matrix (EqkEmitter *self, EqkText *out, const EqkEmitPort *port, int element, const EqkGroup *group, const EqkElement *g)
{
  const int  dim = eqk_rep_get_dim (port->type->rep);
  double    *x = calloc ((size_t) dim + 1, sizeof *x), *y = calloc ((size_t) dim + 1, sizeof *y);
  EqkElement own = *g;
  int        n = 0;

  if (x == NULL || y == NULL || !eqk_group_descend (group, port->type->symmetry.group, g, &own))
    eqk_emitter_fail (self, EQK_ERR_NO_MEMORY, "self-test");
  eqk_text_add (out, "static const entry %s_by_%d[] = {", port->name, element);
  for (int j = 0; x != NULL && y != NULL && j < dim; j++)
    {
      x[j] = 1;
      if (eqk_rep_apply_f64 (port->type->rep, &own, x, y, 1) != EQK_OK)
        eqk_emitter_fail (self, EQK_ERR_NO_MEMORY, "self-test");
      x[j] = 0;
      for (int i = 0; i < dim; i++)
        if (fabs (y[i]) > 1e-12)
          {
            eqk_text_add (out, "%s{ %d, %d, ", n++ % 6 == 0 ? "\n  " : " ", i, j);
            eqk_text_float (out, (float) y[i]);
            eqk_text_append (out, " },", 3);
          }
    }
  eqk_text_add (out, "\n};\n");
  free (x);
  free (y);
}

static bool
is_moved (const EqkEmitPort *port)      /* channels turn */
{
  return !port->index && !eqk_rep_is_trivial (port->type->rep);
}

const char *
eqk_selftest_rows (EqkEmitter *self, const EqkSpace *space)
{
  const char *nodes = eqk_emit_word (self, "n_nodes", space->structure);

  switch (space->kind)
    {
    case EQK_SPACE_NODES: return eqk_emitter_text (self, "(size_t) p->%s", nodes);
    case EQK_SPACE_EDGES: return eqk_emitter_text (self, "(size_t) p->%s", eqk_emit_word (self, "n_edges", space->structure));
    case EQK_SPACE_PAIRS: return eqk_emitter_text (self, "(size_t) p->%s * (size_t) p->%s", nodes, nodes);
    default:              return "1";
    }
}

static bool
permutes (const EqkEmitter *self, const EqkSymmetry *symmetry)
{
  return symmetry->permutations != EQK_PERMUTE_NONE && self->has_nodes;
}

/* Other numbers for the nodes: a whole turn about, a cycle of all, an exchange of two. */
static const char *const order_names[] = { "order reversed", "all nodes in a cycle", "first and last node exchanged" };

static const char order[] =
  "/* Where node i of n goes. */\n"
  "static size_t\nplace_of (size_t i, size_t n, int element)\n{\n  switch (element % 3)\n    {\n    case 0:  return n - 1 - i;\n    case 1:  return (i + 1) % n;\n"
  "    default: return i == 0 ? n - 1 : i == n - 1 ? 0 : i;\n    }\n}\n\n";

static const char order_of_edges[] =
  "static int\ncompare_edges (const void *a, const void *b)\n{\n  const int32_t e = *(const int32_t *) a, f = *(const int32_t *) b;\n\n"
  "  if (moved_dst[e] != moved_dst[f])\n    return moved_dst[e] < moved_dst[f] ? -1 : 1;\n  if (moved_src[e] != moved_src[f])\n    return moved_src[e] < moved_src[f] ? -1 : 1;\n"
  "  return e < f ? -1 : 1;\n}\n\n"
  "/* Edges between nodes that have other numbers, sorted again; the one that comes to stand at e was edge_of[e]. */\n"
  "static void\nmove_edges (const pair *p, int element)\n{\n  for (int32_t e = 0; e < p->n_edges; e++)\n    {\n"
  "      moved_src[e] = (int32_t) place_of ((size_t) p->src[e], (size_t) p->n_nodes, element);\n      moved_dst[e] = (int32_t) place_of ((size_t) p->dst[e], (size_t) p->n_nodes, element);\n"
  "      edge_of[e] = e;\n    }\n  qsort (edge_of, (size_t) p->n_edges, sizeof *edge_of, compare_edges);\n  for (int32_t e = 0; e < p->n_edges; e++)\n    {\n"
  "      turned_src[e] = moved_src[edge_of[e]];\n      turned_dst[e] = moved_dst[edge_of[e]];\n    }\n}\n\n";

static void
add_order (EqkEmitter *self, EqkText *out)
{
  const char *m = self->macro_prefix;

  eqk_text_append (out, order, sizeof order - 1);
  if (!self->has_edges)
    return;
  eqk_text_add (out, "static int32_t moved_src[%s_MAX_EDGES], moved_dst[%s_MAX_EDGES], edge_of[%s_MAX_EDGES];\n\n", m, m, m);
  eqk_text_append (out, order_of_edges, sizeof order_of_edges - 1);
}

/* Rows and columns change places together. */
static void
add_pairs_turn (EqkEmitter *self, EqkText *out, const EqkValue *v)
{
  const char *n = eqk_emitter_text (self, "(size_t) p->%s", eqk_emit_word (self, "n_nodes", v->space.structure));

  eqk_text_add (out, "  for (size_t i = 0; i < %s; i++)\n    for (size_t j = 0; j < %s; j++)\n", n, n);
  eqk_text_add (out, "      memcpy (y + (place_of (i, %s, element) * %s + place_of (j, %s, element)) * %d, x + (i * %s + j) * %d, %d * sizeof *y);\n", n, n, n, v->width, n, v->width, v->width);
}

/* What an element does to one port: pixels or rows are moved, channels are turned, positions shifted. */
static void
add_turn (EqkEmitter *self, EqkText *out, const EqkEmitPort *port, int n_elements, const EqkSymmetry *symmetry)
{
  const EqkValue *v = eqk_program_value (self->program, port->value);
  const char     *c = port->index ? "int32_t" : "float";
  const bool      grid = v->space.kind == EQK_SPACE_GRID;
  const char     *rows = grid ? eqk_emitter_text (self, "%d", v->space.h * v->space.w) : eqk_selftest_rows (self, &v->space);

  eqk_text_add (out, "static void\nturn_%s (const pair *p, int element, const %s *x, %s *y)\n{\n", port->name, c, c);
  if (is_moved (port))
    {
      eqk_text_add (out, "  static const entry *const matrix[] = {");
      for (int e = 0; e < n_elements; e++)
        eqk_text_add (out, " %s_by_%d,", port->name, e);
      eqk_text_add (out, " };\n  static const size_t n[] = {");
      for (int e = 0; e < n_elements; e++)
        eqk_text_add (out, " sizeof %s_by_%d / sizeof (entry),", port->name, e);
      eqk_text_add (out, " };\n\n");
    }
  eqk_text_add (out, "  (void) p;\n  (void) element;\n");
  if (grid)
    eqk_text_add (out, "  move_pixels (pixels[element], x, y, %d, %d, %d);\n", v->width, v->space.h, v->space.w);
  else if (permutes (self, symmetry) && v->space.kind == EQK_SPACE_NODES)
    eqk_text_add (out, "  for (size_t i = 0; i < %s; i++)\n    memcpy (y + place_of (i, %s, element) * %d, x + i * %d, %d * sizeof *y);\n", rows, rows, v->width, v->width, v->width);
  else if (permutes (self, symmetry) && v->space.kind == EQK_SPACE_EDGES && self->has_edges)
    eqk_text_add (out, "  for (size_t i = 0; i < %s; i++)\n    memcpy (y + i * %d, x + (size_t) edge_of[i] * %d, %d * sizeof *y);\n", rows, v->width, v->width, v->width);
  else if (permutes (self, symmetry) && v->space.kind == EQK_SPACE_PAIRS)
    add_pairs_turn (self, out, v);
  else
    eqk_text_add (out, "  memcpy (y, x, %s * %d * sizeof *y);\n", rows, v->width);
  if (is_moved (port))
    eqk_text_add (out, "  turn_channels (matrix[element], n[element], y, %s, %d, %s, %s);\n", rows, v->width, grid ? "1" : eqk_emitter_text (self, "%d", v->width), grid ? rows : "1");
  if (port->type->kind == EQK_KIND_POSITION && symmetry->translations)
    eqk_text_add (out, "  for (size_t i = 0; i < %s * %d; i++)\n    y[i] += 0.5f * (float) (i %% %d + 1);\n", rows, v->width, v->width);
  eqk_text_add (out, "}\n\n");
}

static const char turning[] =
  "/* out[row][column] = in at the place that the element takes there; m is its matrix, x to the right, y up. */\n"
  "static void\nmove_pixels (const float *m, const float *x, float *y, int channels, int h, int w)\n{\n"
  "  for (int row = 0; row < h; row++)\n    for (int column = 0; column < w; column++)\n      {\n"
  "        const float px = (float) column - 0.5f * (float) (w - 1), py = 0.5f * (float) (h - 1) - (float) row;\n"
  "        const float fx = m[0] * px + m[2] * py, fy = m[1] * px + m[3] * py;   /* the inverse is the transpose */\n"
  "        const int   from_row = (int) floorf (0.5f * (float) (h - 1) - fy + 0.5f), from_column = (int) floorf (fx + 0.5f * (float) (w - 1) + 0.5f);\n\n"
  "        for (int c = 0; c < channels; c++)\n          y[(c * h + row) * w + column] = x[(c * h + from_row) * w + from_column];\n      }\n}\n\n";

static const char turning_channels[] =
  "/* y = matrix y in every row; at most MAX_CHANNELS channels. */\n"
  "static void\nturn_channels (const entry *matrix, size_t n, float *y, size_t rows, size_t channels, size_t row_stride, size_t channel_stride)\n{\n"
  "  static float from[MAX_CHANNELS];\n\n  for (size_t r = 0; r < rows; r++)\n    {\n      float *row = y + r * row_stride;\n\n"
  "      for (size_t c = 0; c < channels; c++)\n        {\n          from[c] = row[c * channel_stride];\n          row[c * channel_stride] = 0.0f;\n        }\n"
  "      for (size_t k = 0; k < n; k++)\n        row[(size_t) matrix[k].to * channel_stride] += matrix[k].value * from[matrix[k].from];\n    }\n}\n\n";

void
eqk_selftest_symmetry (EqkEmitter *self, EqkText *out, const EqkSymmetry *symmetry, const EqkElement *elements, int n)
{
  bool any_grid = false;
  int  channels = 0;

  for (int i = 0; i < self->n_ports; i++)
    {
      any_grid |= eqk_program_value (self->program, self->ports[i].value)->space.kind == EQK_SPACE_GRID;
      if (is_moved (&self->ports[i]) && eqk_rep_get_dim (self->ports[i].type->rep) > channels)
        channels = eqk_rep_get_dim (self->ports[i].type->rep);
    }
  eqk_text_add (out, "/* ---- the symmetry ---- */\n\nenum { N_ELEMENTS = %d };\n", n);
  if (channels > 0)
    eqk_text_add (out, "enum { MAX_CHANNELS = %d };\n\ntypedef struct\n{\n  int   to, from;\n  float value;\n} entry;\n", channels);
  eqk_text_add (out, "\nstatic const char *const element_names[] = {");
  for (int e = 0; e < n; e++)
    {
      char name[64];

      eqk_group_element_name (symmetry->group, &elements[e], name, sizeof name);
      if (permutes (self, symmetry) && eqk_group_get_order (symmetry->group) == 1)      /* the identity alone says nothing */
        name[0] = '\0';
      eqk_text_add (out, " \"");
      for (const char *c = name; *c != '\0'; c++)      /* plain ASCII: "90°" is "90 deg" */
        if ((unsigned char) *c < 128)
          eqk_text_append (out, c, 1);
        else if ((unsigned char) *c >= 0xc0)
          eqk_text_add (out, " deg");
      if (permutes (self, symmetry))
        eqk_text_add (out, "%s%s", name[0] == '\0' ? "" : ", ", order_names[e % 3]);
      eqk_text_add (out, "\",");
    }
  eqk_text_add (out, " };\n");
  if (any_grid)
    {
      eqk_text_add (out, "static const float pixels[][4] = {");
      for (int e = 0; e < n; e++)
        {
          double m[9] = { 1, 0, 0, 1 };

          if (eqk_group_get_space_dim (symmetry->group) == 2)
            eqk_group_action (symmetry->group, &elements[e], m);
          eqk_text_add (out, " { %ld.0f, %ld.0f, %ld.0f, %ld.0f },", lround (m[0]), lround (m[1]), lround (m[2]), lround (m[3]));
        }
      eqk_text_add (out, " };\n");
    }
  for (int i = 0; i < self->n_ports; i++)
    for (int e = 0; is_moved (&self->ports[i]) && e < n; e++)
      add_matrix (self, out, &self->ports[i], e, symmetry->group, &elements[e]);
  eqk_text_add (out, "\n");
  if (any_grid)
    eqk_text_append (out, turning, sizeof turning - 1);
  if (channels > 0)
    eqk_text_append (out, turning_channels, sizeof turning_channels - 1);
  if (permutes (self, symmetry))
    add_order (self, out);
  for (int i = 0; i < self->n_ports; i++)
    add_turn (self, out, &self->ports[i], n, symmetry);
}
