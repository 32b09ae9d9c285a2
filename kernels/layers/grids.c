/* Shared by the layers on pictures: windows and the grid rule, maps of one axis, tables for operations. */

#include "layers/grids.h"
#include "core/memory.h"

#include "core/planar.h"

#include <limits.h>

static const char *const pad_modes[] = { [EQK_PAD_ZEROS] = "zeros", [EQK_PAD_CIRCULAR] = "circular", [EQK_PAD_REFLECT] = "reflect",
                                         [EQK_PAD_REPLICATE] = "replicate" };

int
eqk_pad_mode (const char *name)
{
  for (int i = 0; i < 4; i++)
    if (strcmp (pad_modes[i], name) == 0)
      return i;
  return -1;
}

const EqkPortType *
eqk_grid_input (EqkInfer *ctx, const char *port, EqkDiag *diag)
{
  const EqkPortType *x = eqk_infer_input (ctx, port);
  char               space[64];

  eqk_space_text (&x->space, space, sizeof space);
  if (x->space.kind == EQK_SPACE_GRID && x->kind != EQK_KIND_SPECIES && x->kind != EQK_KIND_EDGES)
    return x;
  eqk_fail_expected (diag, EQK_ERR_TYPE, port, "a picture", space);
  return NULL;
}

/* ---- windows ---- */

void
eqk_window_fix (EqkWindow *win)
{
  if (win->pad < 0)
    win->pad = win->dilation * (win->k - 1) / 2;
}

int
eqk_window_out (const EqkWindow *win, int n)
{
  const int span = n + 2 * win->pad - win->dilation * (win->k - 1) - 1;

  return span < 0 ? 0 : span / win->stride + 1;
}

int
eqk_window_rest (const EqkWindow *win, int n)
{
  const int span = n + 2 * win->pad - win->dilation * (win->k - 1) - 1;

  return span < 0 ? 0 : span % win->stride;
}

EqkStatus
eqk_grid_through (EqkInfer *ctx, const EqkPortType *x, const EqkWindow *win, EqkPortType *y, EqkDiag *diag)
{
  const EqkGroup *group = eqk_infer_symmetry (ctx)->group;
  const int       h = eqk_window_out (win, x->space.h), w = eqk_window_out (win, x->space.w);
  const bool      off_y = eqk_window_rest (win, x->space.h) != 0, off_x = eqk_window_rest (win, x->space.w) != 0;
  uint64_t        grid, kept;

  if (h < 1 || w < 1)
    {
      char found[64];

      eqk_space_text (&x->space, found, sizeof found);
      return eqk_fail_expected (diag, EQK_ERR_SHAPE, "window", "a picture at least as large as the window", found);
    }
  grid = eqk_guarantee_grid_mask (group, x->space.h, x->space.w);
  kept = grid & eqk_guarantee_unflipped (group, off_x, off_y) & eqk_guarantee_grid_mask (group, h, w);
  if ((off_x || off_y) && kept != grid)
    {
      eqk_infer_set_off_centre (ctx);
      eqk_infer_lose (ctx, kept, "W-STRIDE-ASYM");
    }
  *y = eqk_port_with_grid (x, h, w);
  return EQK_OK;
}

static bool
has_param (const EqkLayerType *layer, const char *name)
{
  for (const EqkParam *p = layer->params; p != NULL && p->name != NULL; p++)
    if (strcmp (p->name, name) == 0)
      return true;
  return false;
}

/* The smallest size of a source (its settings height and width) with which nothing samples off its centre; false when there is none. */
static bool
better_size (const EqkInfer *ctx, int source, int *height, int *width)
{
  const EqkLayerType *layer = eqk_infer_layer_of (ctx, source);
  const EqkPortType  *type = eqk_infer_type_of (ctx, source, NULL);

  if (((layer->flags & EQK_LAYER_INPUT) == 0 && strcmp (layer->id, "resize") != 0) || !has_param (layer, "height") || !has_param (layer, "width") || type == NULL)
    return false;
  for (int more = 1; more <= 64; more++)
    {
      char text[64];

      snprintf (text, sizeof text, "height=%d width=%d", type->space.h + more, type->space.w + more);
      if (eqk_infer_try_centred (ctx, source, text))
        {
          *height = type->space.h + more;
          *width = type->space.w + more;
          return true;
        }
    }
  return false;
}

/* The input or resize upstream of which another size mends every layer that is off its centre; -1: none. */
static int
mended_at (const EqkInfer *ctx, int *height, int *width)
{
  for (int i = 0; i < eqk_infer_n_nodes (ctx); i++)
    if (eqk_infer_is_upstream (ctx, i, eqk_infer_node (ctx)) && better_size (ctx, i, height, width))
      return i;
  return -1;
}

/* One cause, one finding: it is told where the first of the layers samples off its centre. */
static bool
is_first_off_centre (const EqkInfer *ctx, int source)
{
  int before, total, least;

  eqk_infer_depth (ctx, eqk_infer_node (ctx), &least, &total);
  for (int i = 0; i < eqk_infer_n_nodes (ctx); i++)
    if (eqk_infer_is_off_centre (ctx, i) && i != eqk_infer_node (ctx) && eqk_infer_is_upstream (ctx, source, i))
      {
        eqk_infer_depth (ctx, i, &before, &total);
        if (before < least || (before == least && eqk_infer_is_upstream (ctx, i, eqk_infer_node (ctx))))
          return false;
      }
  return true;
}

static void
fix_size (EqkInfer *ctx, int source, int h, int w)
{
  const char *id = eqk_infer_id_of (ctx, source);
  char        text[16];

  eqk_infer_fix (ctx, EQK_N_("Use the smallest size that keeps the grid centred"));
  snprintf (text, sizeof text, "%d", h);
  eqk_fix_set (ctx, id, "height", text);
  snprintf (text, sizeof text, "%d", w);
  eqk_fix_set (ctx, id, "width", text);
}

/* Bound data keep their size: a resize behind them comes first there, and another size of the input where there are none yet. */
static void
lint_source (EqkInfer *ctx, const EqkPortType *x, int source, int h, int w)
{
  const bool input = (eqk_infer_layer_of (ctx, source)->flags & EQK_LAYER_INPUT) != 0, bound = eqk_infer_fact (ctx, "data", 0) != 0;
  char       text[48];

  eqk_infer_problem (ctx, "W-EVEN-STRIDE-GRID", "x", "h=%d w=%d", x->space.h, x->space.w);
  if (!input || !bound)
    fix_size (ctx, source, h, w);
  if (input)
    {
      snprintf (text, sizeof text, "height=%d width=%d", h, w);
      eqk_infer_fix (ctx, EQK_N_("Resize the picture behind the input"));
      eqk_fix_insert_after (ctx, eqk_infer_id_of (ctx, source), eqk_infer_layer_of (ctx, source)->outputs[0].name, "resize", text);
    }
  if (input && bound)
    fix_size (ctx, source, h, w);
}

static void
fix_padding (EqkInfer *ctx, const EqkPortType *x, const EqkWindow *win, const char *pad_param)
{
  char text[16];

  for (int pad = 0; pad_param != NULL && pad <= win->k; pad++)
    {
      const EqkWindow other = { win->k, win->stride, pad, win->dilation };

      if (eqk_window_rest (&other, x->space.h) == 0 && eqk_window_rest (&other, x->space.w) == 0 && eqk_window_out (&other, x->space.h) > 0)
        {
          snprintf (text, sizeof text, "%d", pad);
          eqk_infer_fix (ctx, EQK_N_("Change the padding"));
          eqk_fix_set (ctx, "$", pad_param, text);
          return;
        }
    }
}

void
eqk_grid_lint_centre (EqkInfer *ctx, const EqkWindow *win, const char *pad_param)
{
  const EqkPortType *x = eqk_infer_input (ctx, "x");
  char               text[64];
  int                h, w, source;

  if (!eqk_infer_is_off_centre (ctx, eqk_infer_node (ctx)))
    return;
  source = mended_at (ctx, &h, &w);
  if (source >= 0)
    {
      if (is_first_off_centre (ctx, source))
        lint_source (ctx, x, source, h, w);
      return;
    }
  eqk_infer_problem (ctx, "W-STRIDE-ASYM", "x", NULL);
  fix_padding (ctx, x, win, pad_param);
  for (int more = 1; more < win->stride + 1; more++)
    if (eqk_window_rest (win, x->space.h + more) == 0 && eqk_window_rest (win, x->space.w + more) == 0)
      {
        snprintf (text, sizeof text, "height=%d width=%d", x->space.h + more, x->space.w + more);
        eqk_infer_fix (ctx, EQK_N_("Resize the picture before this layer"));
        eqk_fix_insert_before (ctx, "$", "x", "resize", text);
        return;
      }
}

/* ---- groups on pixels ---- */

uint64_t
eqk_grid_mask_of (const EqkInfer *ctx, const EqkGroup *sub)
{
  const EqkGroup *group = eqk_infer_symmetry (ctx)->group;
  const uint64_t  full = eqk_guarantee_full_mask (group);
  uint64_t        mask = 0;

  if (eqk_group_get_space_dim (group) == 3)
    return sub == group ? full : 0;
  for (int bit = 0; bit < 64 && (full >> bit) != 0; bit++)
    {
      const EqkElement g = eqk_guarantee_element (group, bit);
      EqkElement       h;

      if (eqk_group_embed (sub, group, &g, &h))
        mask |= (uint64_t) 1 << bit;
    }
  return mask;
}

static bool
acts_so (const EqkRep *rep, const EqkElement *g, EqkActsHow how)
{
  bool so = true;

  for (int r = 0; so && r < eqk_rep_n_runs (rep); r++)
    {
      const EqkField *field = eqk_rep_run (rep, r).field;
      const int       d = eqk_field_get_dim (field);
      double         *m = eqk_malloc ((size_t) (d * d) * sizeof *m);

      if (m == NULL)
        return false;
      eqk_field_matrix (field, g, m);
      so = eqk_fields_matrix_is (m, d, how);
      free (m);
    }
  return so;
}

uint64_t
eqk_grid_rep_mask (const EqkInfer *ctx, const EqkRep *rep, EqkActsHow how)
{
  const EqkGroup *group = eqk_infer_symmetry (ctx)->group, *own = eqk_rep_get_group (rep);
  const uint64_t  full = eqk_guarantee_full_mask (group);
  uint64_t        mask = 0;

  if (eqk_group_get_space_dim (group) == 3)
    return eqk_rep_is_trivial (rep) ? full : 0;
  for (int bit = 0; bit < 64 && (full >> bit) != 0; bit++)
    {
      const EqkElement g = eqk_guarantee_element (group, bit);
      EqkElement       h;

      if (eqk_group_embed (own, group, &g, &h) && acts_so (rep, &h, how))
        mask |= (uint64_t) 1 << bit;
    }
  return mask;
}

bool
eqk_group_leaves_grid (const EqkGroup *group)
{
  if (eqk_group_get_space_dim (group) != 2)
    return false;
  return !eqk_group_is_finite (group) || eqk_guarantee_grid_mask (group, 8, 8) != eqk_guarantee_full_mask (group);
}

bool
eqk_group_turns (const EqkGroup *group, bool exchange)
{
  if (eqk_group_get_space_dim (group) != 2)
    return false;
  if (eqk_group_leaves_grid (group))
    return true;
  if (exchange)
    return eqk_guarantee_grid_mask (group, 8, 9) != eqk_guarantee_full_mask (group);
  return eqk_guarantee_unflipped (group, true, true) != eqk_guarantee_full_mask (group);
}

bool
eqk_grid_has_mask (const EqkInfer *ctx, int node)
{
  for (int i = 0; i < eqk_infer_n_nodes (ctx); i++)
    if ((eqk_infer_layer_of (ctx, i)->flags & EQK_LAYER_MASKS) != 0 && eqk_infer_is_upstream (ctx, i, node))
      return true;
  return false;
}

/* ---- sparse matrices ---- */

void
eqk_sparse_open (EqkSparse *self, int n_in, int n_out)
{
  *self = (EqkSparse){ .n_in = n_in, .n_out = n_out };
}

void
eqk_sparse_add (EqkSparse *self, int row, int column, double value)
{
  if (self->n == self->room && !self->failed)
    {
      const int room = self->room == 0 ? 64 : 2 * self->room;
      int32_t  *rows = eqk_realloc (self->row, (size_t) room * sizeof *rows);
      int32_t  *columns = rows == NULL ? NULL : eqk_realloc (self->column, (size_t) room * sizeof *columns);
      double   *values = columns == NULL ? NULL : eqk_realloc (self->value, (size_t) room * sizeof *values);

      self->row = rows != NULL ? rows : self->row;
      self->column = columns != NULL ? columns : self->column;
      self->value = values != NULL ? values : self->value;
      self->failed = values == NULL;
      self->room = room;
    }
  if (self->failed || value == 0)
    return;
  self->row[self->n] = row;
  self->column[self->n] = column;
  self->value[self->n++] = value;
}

void
eqk_sparse_clear (EqkSparse *self)
{
  free (self->row);
  free (self->column);
  free (self->value);
  *self = (EqkSparse){ 0 };
}

/* Entries by row (or by column) in the order in which they were added. */
static bool
sort_by (EqkBuild *b, const EqkSparse *m, bool by_column, const int32_t **first, const int32_t **other, const double **value)
{
  const int      n_rows = by_column ? m->n_in : m->n_out;
  const int32_t *key = by_column ? m->column : m->row, *rest = by_column ? m->row : m->column;
  int32_t       *start = eqk_calloc ((size_t) n_rows + 2, sizeof *start), *to = eqk_malloc (((size_t) m->n + 1) * sizeof *to);
  double        *values = eqk_malloc (((size_t) m->n + 1) * sizeof *values);
  bool           good = start != NULL && to != NULL && values != NULL && !m->failed;

  for (int i = 0; good && i < m->n; i++)
    start[key[i] + 2]++;
  for (int r = 0; good && r < n_rows; r++)
    start[r + 2] += start[r + 1];
  for (int i = 0; good && i < m->n; i++)
    {
      const int32_t at = start[key[i] + 1]++;

      to[at] = rest[i];
      values[at] = m->value[i];
    }
  if (good)
    {
      *first = eqk_build_keep (b, start, ((size_t) n_rows + 1) * sizeof *start);
      *other = eqk_build_keep (b, to, ((size_t) m->n + 1) * sizeof *to);
      *value = eqk_build_keep (b, values, ((size_t) m->n + 1) * sizeof *values);
      good = *first != NULL && *other != NULL && *value != NULL;
    }
  free (start);
  free (to);
  free (values);
  return good;
}

EqkStatus
eqk_axis_keep (EqkBuild *b, EqkSparse *self, EqkAxisMap *out)
{
  const bool good = sort_by (b, self, false, &out->first, &out->from, &out->weight) && sort_by (b, self, true, &out->t_first, &out->t_from, &out->t_weight);

  out->n_in = self->n_in;
  out->n_out = self->n_out;
  eqk_sparse_clear (self);
  return good ? EQK_OK : EQK_ERR_NO_MEMORY;
}

EqkStatus
eqk_matrix_keep (EqkBuild *b, EqkSparse *self, EqkConstLinearParams *out)
{
  const bool good = sort_by (b, self, false, &out->first, &out->column, &out->value) && sort_by (b, self, true, &out->t_first, &out->t_column, &out->t_value);

  out->n_in = self->n_in;
  out->n_out = self->n_out;
  eqk_sparse_clear (self);
  return good ? EQK_OK : EQK_ERR_NO_MEMORY;
}

void
eqk_sparse_window (EqkSparse *self, const EqkWindow *win, const double *weights, int n_in)
{
  eqk_sparse_open (self, n_in, eqk_window_out (win, n_in));
  for (int i = 0; i < self->n_out; i++)
    for (int a = 0; a < win->k; a++)
      {
        const int from = i * win->stride + a * win->dilation - win->pad;

        if (from >= 0 && from < n_in)
          eqk_sparse_add (self, i, from, weights[a]);
      }
}

void
eqk_sparse_resize (EqkSparse *self, int n_in, int n_out, bool corners, bool nearest)
{
  eqk_sparse_open (self, n_in, n_out);
  for (int i = 0; i < n_out; i++)
    {
      double at = corners ? (n_out > 1 ? (double) i * (n_in - 1) / (n_out - 1) : (n_in - 1) / 2.0) : (i + 0.5) * n_in / n_out - 0.5;
      int    low;

      at = at < 0 ? 0 : at > n_in - 1 ? n_in - 1 : at;
      low = nearest ? (int) floor (at + 0.5) : (int) floor (at);
      low = low > n_in - 1 ? n_in - 1 : low;
      if (nearest)
        eqk_sparse_add (self, i, low, 1);
      else
        {
          eqk_sparse_add (self, i, low, 1 - (at - low));
          if (low + 1 < n_in)
            eqk_sparse_add (self, i, low + 1, at - low);
        }
    }
}

void
eqk_sparse_border (EqkSparse *self, int n_in, int before, int after, int mode)
{
  eqk_sparse_open (self, n_in, n_in + before + after);
  for (int i = 0; i < self->n_out; i++)
    {
      int from = i - before;

      if (from < 0 || from >= n_in)
        switch (mode)
          {
          case EQK_PAD_CIRCULAR:  from = ((from % n_in) + n_in) % n_in; break;
          case EQK_PAD_REFLECT:   from = from < 0 ? -from : 2 * n_in - 2 - from; break;
          case EQK_PAD_REPLICATE: from = from < 0 ? 0 : n_in - 1; break;
          default:                continue;
          }
      if (from >= 0 && from < n_in)
        eqk_sparse_add (self, i, from, 1);
    }
}

static double
entry (const EqkSparse *m, int row, int column)
{
  double sum = 0;

  for (int i = 0; i < m->n; i++)
    if (m->row[i] == row && m->column[i] == column)
      sum += m->value[i];
  return sum;
}

bool
eqk_sparse_symmetric (const EqkSparse *self)
{
  for (int i = 0; i < self->n; i++)
    if (fabs (self->value[i] - entry (self, self->n_out - 1 - self->row[i], self->n_in - 1 - self->column[i])) > 1e-9)
      return false;
  return true;
}

/* ---- expansion ---- */

EqkSpace
eqk_space_fixed (void)
{
  return (EqkSpace){ EQK_SPACE_FIXED, 1, 1, 0 };
}

int
eqk_grid_op (EqkBuild *b, const char *op, int x, EqkSpace space, int width, const void *params, size_t size, EqkDiag *diag)
{
  const int y = x < 0 ? -1 : eqk_build_value (b, space, width);

  return y < 0 || eqk_build_op (b, op, &x, 1, &y, 1, params, size, diag) != EQK_OK ? -1 : y;
}

int
eqk_grid_linear (EqkBuild *b, int x, EqkSpace space, int channels, EqkSparse *rows, EqkSparse *columns, EqkDiag *diag)
{
  EqkGridLinearParams p = { .channels = channels };
  const EqkStatus     by_rows = eqk_axis_keep (b, rows, &p.rows), by_columns = eqk_axis_keep (b, columns, &p.columns);

  return by_rows != EQK_OK || by_columns != EQK_OK ? -1 : eqk_grid_op (b, "grid_linear", x, space, channels, &p, sizeof p, diag);
}

int
eqk_grid_index (EqkBuild *b, int x, int n_in, const int32_t *map, int n_out, EqkDiag *diag)
{
  EqkIndexMapParams p = { .n_in = n_in, .n_out = n_out, .map = eqk_build_keep (b, map, (size_t) n_out * sizeof *map) };
  int32_t          *first = eqk_calloc ((size_t) n_in + 2, sizeof *first), *back = eqk_malloc ((size_t) n_out * sizeof *back);
  int               y = -1;

  if (first != NULL && back != NULL && p.map != NULL)
    {
      for (int i = 0; i < n_out; i++)
        if (map[i] >= 0)
          first[map[i] + 2]++;
      for (int i = 0; i < n_in; i++)
        first[i + 2] += first[i + 1];
      for (int i = 0; i < n_out; i++)
        if (map[i] >= 0)
          back[first[map[i] + 1]++] = i;
      p.back_first = eqk_build_keep (b, first, ((size_t) n_in + 1) * sizeof *first);
      p.back = eqk_build_keep (b, back, (size_t) n_out * sizeof *back);
      if (p.back_first != NULL && p.back != NULL)
        y = eqk_grid_op (b, "index_map", x, eqk_space_fixed (), n_out, &p, sizeof p, diag);
    }
  free (first);
  free (back);
  return y;
}

const int32_t *
eqk_grid_fields (EqkBuild *b, const EqkRep *rep)
{
  const int      n = eqk_rep_n_fields (rep);
  int32_t       *first = eqk_malloc (((size_t) n + 1) * sizeof *first);
  const int32_t *kept = NULL;

  if (first == NULL)
    return NULL;
  for (int i = 0; i < n; i++)
    {
      int channel;

      eqk_rep_field (rep, i, &channel);
      first[i] = channel;
    }
  first[n] = eqk_rep_get_dim (rep);
  kept = eqk_build_keep (b, first, ((size_t) n + 1) * sizeof *first);
  free (first);
  return kept;
}

EqkStatus
eqk_grid_done (EqkBuild *b, int y, EqkDiag *diag)
{
  if (y < 0)
    return diag != NULL && diag->status != EQK_OK ? diag->status : eqk_fail (diag, EQK_ERR_NO_MEMORY, "expansion");
  eqk_build_set_output (b, "y", y);
  return EQK_OK;
}

int
eqk_grid_conv (EqkBuild *b, int x, const EqkSpace *in, const EqkSpace *out, int filter, int bias, int cin, int cout, const EqkWindow *win, int groups,
               const char *pad_mode, EqkDiag *diag)
{
  const EqkConvParams p = { in->h, in->w, cin, cout, win->k, win->stride, win->pad, win->dilation, groups, eqk_pad_mode (pad_mode), out->h, out->w };
  const int           values[3] = { x, filter, bias };
  const int           y = eqk_build_value (b, *out, cout);

  if (p.pad_mode < 0)
    {
      eqk_fail (diag, EQK_ERR_NAME, pad_mode);
      return -1;
    }
  return x < 0 || filter < 0 || y < 0 || eqk_build_op (b, "conv2d", values, 3, &y, 1, &p, sizeof p, diag) != EQK_OK ? -1 : y;
}

EqkStatus
eqk_grid_check_border (const EqkPortType *x, int pad, const char *mode, EqkDiag *diag)
{
  const int kind = eqk_pad_mode (mode), least = x->space.h < x->space.w ? x->space.h : x->space.w;
  const int widest = kind == EQK_PAD_CIRCULAR ? least : kind == EQK_PAD_REFLECT ? least - 1 : INT_MAX;
  char      found[32];

  if (kind < 0)
    return eqk_fail_expected (diag, EQK_ERR_NAME, "pad_mode", EQK_PAD_CHOICES, mode);
  if (pad <= widest)
    return EQK_OK;
  snprintf (found, sizeof found, "%d pixels", pad);
  return eqk_fail_expected (diag, EQK_ERR_SHAPE, "padding", "a border no wider than the picture", found);
}
