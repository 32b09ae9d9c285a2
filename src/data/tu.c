/* TU files: lists of numbers, a line each, that belong together by their line. All files of a set are read whole, then the graphs of a part
 * are cut out; memory is bounded by the length of the files. */

#include "data/tu.h"
#include "data/dataset-private.h"
#include "data/error.h"
#include "data/file.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#define MAX_WIDTH 4096            /* numbers of a line */
#define MAX_KINDS 4096            /* different labels */

/* A table of numbers, one line a row. */
typedef struct
{
  char   *name;                   /* owned: of the file */
  gsize   n;                      /* rows */
  guint   width;
  GArray *values;                 /* double */
} Table;

static void
table_free (Table *self)
{
  g_free (self->name);
  g_array_unref (self->values);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Table, table_free)

static gboolean
read_line (Table *self, const char *line, gsize row, GError **error)
{
  guint n = 0;

  for (const char *at = line; *at != '\0';)
    {
      char        *end;
      const double value = g_ascii_strtod (at, &end);

      if (end == at || !isfinite (value) || n == MAX_WIDTH)
        {
          g_autofree char *shown = eqs_data_quote (at);

          /* Translators: a file, a line, what stands there */
          g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT, _("“%s”, line %zu: “%s” is no number. Numbers are parted by commas."), self->name, row + 1, shown);
          return FALSE;
        }
      g_array_append_val (self->values, value);
      n++;
      at = end + strspn (end, " \t\r");
      if (*at == ',')
        at += 1 + strspn (at + 1, " \t\r");
    }
  if (row > 0 && n != self->width)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT,
                   /* Translators: a file, a line, two counts */
                   _("“%s”, line %zu: it has %u numbers, the lines above have %u."), self->name, row + 1, n, self->width);
      return FALSE;
    }
  self->width = n;
  return TRUE;
}

/* NULL without error when the file is not there. */
static Table *
read_table (const char *folder, const char *name, const char *what, GError **error)
{
  g_autofree char  *file = g_strconcat (name, "_", what, ".txt", NULL), *path = g_build_filename (folder, file, NULL);
  g_autoptr (Table) self = NULL;
  g_autoptr (GBytes) bytes = NULL;
  const char       *data, *end;
  gsize             size;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return NULL;
  bytes = eqs_file_read (path, EQS_DATA_MAX_FILE, error);
  if (bytes == NULL)
    return NULL;
  self = g_new0 (Table, 1);
  self->name = g_steal_pointer (&file);
  self->values = g_array_new (FALSE, FALSE, sizeof (double));
  data = g_bytes_get_data (bytes, &size);
  end = data + size;
  while (data < end)
    {
      const char      *stop = memchr (data, '\n', (gsize) (end - data));
      g_autofree char *line = g_strndup (data, (gsize) ((stop == NULL ? end : stop) - data));

      g_strstrip (line);
      if (*line == '\0' && (stop == NULL || stop + 1 == end))
        break;                    /* an empty last line */
      if (!read_line (self, line, self->n, error))
        return NULL;
      self->n++;
      data = stop == NULL ? end : stop + 1;
    }
  return g_steal_pointer (&self);
}

static double
at (const Table *self, gsize row, guint column)
{
  return g_array_index (self->values, double, row * self->width + column);
}

/* One line for each of n things, or none at all. */
static gboolean
check_rows (const Table *self, gsize n, const char *things, GError **error)
{
  if (self == NULL || (self->n == n && self->width > 0))
    return TRUE;
  /* Translators: a file, a count, a count, "nodes", "edges" or "graphs" */
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_COUNT, _("“%s” has %zu lines for %zu %s."), self->name, self->n, n, things);
  return FALSE;
}

/* ---- a whole set ---- */

typedef struct
{
  Table  *edges, *indicator, *node_labels, *node_attributes, *edge_labels, *edge_attributes, *graph_labels, *graph_attributes;
  char  **parts;                  /* of each graph; NULL: all train */
  gsize   n_graphs, n_nodes, n_edges;
  gsize  *first_node;             /* [n_graphs + 1] */
  gsize  *graph_of;               /* [n_edges] */
} Set;

static void
set_clear (Set *self)
{
  Table **const tables[] = { &self->edges, &self->indicator, &self->node_labels, &self->node_attributes, &self->edge_labels, &self->edge_attributes, &self->graph_labels,
                             &self->graph_attributes };

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    g_clear_pointer (tables[i], table_free);
  g_strfreev (self->parts);
  g_free (self->first_node);
  g_free (self->graph_of);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Set, set_clear)

/* Graphs from the indicator: nodes of a graph stand together, graphs in order, none without a node. */
static gboolean
find_graphs (Set *self, GError **error)
{
  const Table *t = self->indicator;

  self->n_nodes = t->n;
  self->first_node = g_new0 (gsize, t->n + 2);
  for (gsize i = 0; i < t->n; i++)
    {
      const double graph = at (t, i, 0);

      if ((graph != (double) self->n_graphs || self->n_graphs == 0) && graph != (double) (self->n_graphs + 1))
        {
          /* Translators: a file, a line, a number, two numbers */
          g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT,
                       _("“%s”, line %zu: graph %g cannot stand here; graphs are numbered from 1, without gaps, and the nodes of one stand together (%zu or %zu)."), t->name, i + 1,
                       graph, self->n_graphs, self->n_graphs + 1);
          return FALSE;
        }
      if (graph == (double) (self->n_graphs + 1))
        self->first_node[self->n_graphs++] = i;
    }
  self->first_node[self->n_graphs] = t->n;
  return TRUE;
}

static gboolean
find_edges (Set *self, GError **error)
{
  const Table *t = self->edges;

  self->n_edges = t->n;
  self->graph_of = g_new0 (gsize, t->n + 1);
  for (gsize e = 0; e < t->n; e++)
    {
      gsize ends[2];

      for (guint k = 0; k < 2; k++)
        {
          const double node = at (t, e, k);

          if (!(node >= 1 && node <= (double) self->n_nodes) || node != floor (node))
            {
              g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT,
                           /* Translators: a file, a line, a number, a count */
                           _("“%s”, line %zu: there is no node %g; nodes are numbered from 1 to %zu."), t->name, e + 1, node, self->n_nodes);
              return FALSE;
            }
          ends[k] = (gsize) at (self->indicator, (gsize) node - 1, 0) - 1;
        }
      if (ends[0] != ends[1])
        {
          g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT,
                       /* Translators: a file, a line, two numbers of graphs */
                       _("“%s”, line %zu: the edge leads from graph %zu to graph %zu. Edges stay within a graph."), t->name, e + 1, ends[0] + 1, ends[1] + 1);
          return FALSE;
        }
      self->graph_of[e] = ends[0];
    }
  return TRUE;
}

static gboolean
read_parts (Set *self, const char *folder, const char *name, GError **error)
{
  g_autofree char   *file = g_strconcat (name, "_split.txt", NULL), *path = g_build_filename (folder, file, NULL), *text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gsize              n;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  bytes = eqs_file_read (path, EQS_DATA_MAX_FILE, error);
  if (bytes == NULL)
    return FALSE;
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_strchomp (text);
  self->parts = g_strsplit (text, "\n", -1);
  n = g_strv_length (self->parts);
  for (gsize i = 0; i < n; i++)
    g_strstrip (self->parts[i]);
  if (n == self->n_graphs)
    return TRUE;
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_COUNT, _("“%s” has %zu lines for %zu %s."), file, n, self->n_graphs, _("graphs"));
  return FALSE;
}

static gboolean
read_set (Set *self, const char *folder, const char *name, GError **error)
{
  const struct { Table **table; const char *what; } all[] = {
    { &self->edges, "A" }, { &self->indicator, "graph_indicator" }, { &self->node_labels, "node_labels" }, { &self->node_attributes, "node_attributes" },
    { &self->edge_labels, "edge_labels" }, { &self->edge_attributes, "edge_attributes" }, { &self->graph_labels, "graph_labels" }, { &self->graph_attributes, "graph_attributes" } };

  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    {
      GError *own = NULL;

      *all[i].table = read_table (folder, name, all[i].what, &own);
      if (own != NULL)
        {
          g_propagate_error (error, own);
          return FALSE;
        }
      if (i < 2 && *all[i].table == NULL)
        {
          /* Translators: the beginning of a file's name, its end */
          g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING, _("Graphs need the file “%s_%s.txt”."), name, all[i].what);
          return FALSE;
        }
    }
  if (self->indicator->n == 0)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_EMPTY, _("“%s” is empty."), self->indicator->name);
      return FALSE;
    }
  if (self->edges->n > 0 && self->edges->width != 2)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_SHAPE, _("“%s” must have two numbers in a line, the ends of an edge."), self->edges->name);
      return FALSE;
    }
  return find_graphs (self, error) && find_edges (self, error) && check_rows (self->node_labels, self->n_nodes, _("nodes"), error) &&
         check_rows (self->node_attributes, self->n_nodes, _("nodes"), error) && check_rows (self->edge_labels, self->n_edges, _("edges"), error) &&
         check_rows (self->edge_attributes, self->n_edges, _("edges"), error) && check_rows (self->graph_labels, self->n_graphs, _("graphs"), error) &&
         check_rows (self->graph_attributes, self->n_graphs, _("graphs"), error) && read_parts (self, folder, name, error);
}

static gboolean
is_of_part (const Set *self, gsize graph, const char *part)
{
  return g_str_equal (self->parts == NULL ? "train" : self->parts[graph], part);
}

/* ---- columns of a part ---- */

static int
by_value (gconstpointer a, gconstpointer b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Different values of a column of labels, ascending; (transfer full) */
static GArray *
kinds_of (const Table *labels, guint column, GError **error)
{
  GArray *kinds = g_array_new (FALSE, FALSE, sizeof (double));
  guint   n = 0;

  for (gsize i = 0; i < labels->n; i++)
    {
      const double value = at (labels, i, column);

      g_array_append_val (kinds, value);
    }
  g_array_sort (kinds, by_value);
  for (guint i = 0; i < kinds->len; i++)
    if (n == 0 || g_array_index (kinds, double, i) != g_array_index (kinds, double, n - 1))
      g_array_index (kinds, double, n++) = g_array_index (kinds, double, i);
  g_array_set_size (kinds, n);
  if (n <= MAX_KINDS)
    return kinds;
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_LIMIT, _("“%s” has %u different labels; at most %d are taken."), labels->name, n, MAX_KINDS);
  g_array_unref (kinds);
  return NULL;
}

static guint
kind_of (const GArray *kinds, double value)
{
  guint low = 0, high = kinds->len - 1;

  while (low < high)
    {
      const guint middle = (low + high) / 2;

      if (g_array_index (kinds, double, middle) < value)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* Labels one-hot, column after column, then attributes, of the rows chosen; NULL with *width 0 when there is neither. */
static float *
features (const Table *labels, const Table *attributes, const gsize *rows, gsize n, guint *width, GError **error)
{
  g_autoptr (GPtrArray) kinds = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  float                *out;

  *width = attributes == NULL ? 0 : attributes->width;
  for (guint c = 0; labels != NULL && c < labels->width; c++)
    {
      GArray *own = kinds_of (labels, c, error);

      if (own == NULL)
        return NULL;
      g_ptr_array_add (kinds, own);
      *width += own->len;
    }
  if (*width == 0)
    return NULL;
  out = g_new0 (float, n * *width + 1);
  for (gsize i = 0; i < n; i++)
    {
      guint first = 0;

      for (guint c = 0; c < kinds->len; c++)
        {
          out[i * *width + first + kind_of (kinds->pdata[c], at (labels, rows[i], c))] = 1;
          first += ((GArray *) kinds->pdata[c])->len;
        }
      for (guint c = 0; attributes != NULL && c < attributes->width; c++)
        out[i * *width + first + c] = (float) at (attributes, rows[i], c);
    }
  return out;
}

/* Rows of a part: nodes, or edges, of its graphs in their order. */
typedef struct
{
  gsize   *rows, n;
  guint64 *offsets;
  gsize    n_graphs;
} Rows;

static void
rows_clear (Rows *self)
{
  g_free (self->rows);
  g_free (self->offsets);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rows, rows_clear)

static void
choose_nodes (const Set *set, const char *part, Rows *out)
{
  out->rows = g_new (gsize, set->n_nodes + 1);
  out->offsets = g_new0 (guint64, set->n_graphs + 1);
  for (gsize g = 0; g < set->n_graphs; g++)
    if (is_of_part (set, g, part))
      {
        for (gsize i = set->first_node[g]; i < set->first_node[g + 1]; i++)
          out->rows[out->n++] = i;
        out->offsets[++out->n_graphs] = out->n;
      }
}

/* Edges may stand in any order: counted, then filled graph by graph as they came. */
static void
choose_edges (const Set *set, const char *part, Rows *out)
{
  g_autofree gsize *at_graph = g_new0 (gsize, set->n_graphs + 1);

  out->rows = g_new (gsize, set->n_edges + 1);
  out->offsets = g_new0 (guint64, set->n_graphs + 1);
  for (gsize e = 0; e < set->n_edges; e++)
    at_graph[set->graph_of[e]]++;
  for (gsize g = 0; g < set->n_graphs; g++)
    {
      const gsize count = at_graph[g];

      at_graph[g] = out->n;
      if (!is_of_part (set, g, part))
        continue;
      out->n += count;
      out->offsets[++out->n_graphs] = out->n;
    }
  for (gsize e = 0; e < set->n_edges; e++)
    if (is_of_part (set, set->graph_of[e], part))
      out->rows[at_graph[set->graph_of[e]]++] = e;
}

static gboolean
add_features (EqsSplit *split, const char *name, EqsColumnKind kind, const Table *labels, const Table *attributes, const Rows *rows, GError **error)
{
  GError   *own = NULL;
  guint     width;
  float    *data = features (labels, attributes, rows->rows, rows->n, &width, &own);
  guint64   dims[2] = { rows->n, width };
  EqsColumn *column;

  if (own != NULL)
    {
      g_propagate_error (error, own);
      return FALSE;
    }
  if (data == NULL || rows->n == 0)
    {
      g_free (data);
      return TRUE;
    }
  column = eqs_split_take_column (split, name, kind, eqs_array_new_take (EQS_DTYPE_F32, 2, dims, data), error);
  if (column != NULL)
    column->role = EQS_ROLE_INPUT;
  return column != NULL;
}

static gboolean
add_links (EqsSplit *split, const Set *set, const Rows *edges, GError **error)
{
  const guint64 dims[2] = { edges->n, 2 };
  gint32       *data = g_new (gint32, 2 * edges->n + 1);
  EqsColumn    *column;

  for (gsize e = 0; e < edges->n; e++)
    for (guint k = 0; k < 2; k++)
      data[2 * e + k] = (gint32) ((gsize) at (set->edges, edges->rows[e], k) - 1 - set->first_node[set->graph_of[edges->rows[e]]]);
  column = eqs_split_take_column (split, "edges", EQS_COLUMN_PER_EDGE, eqs_array_new_take (EQS_DTYPE_I32, 2, dims, data), error);
  if (column == NULL)
    return FALSE;
  column->role = EQS_ROLE_INPUT;
  column->values = EQS_VALUES_NODE_INDEX;
  return TRUE;
}

static gboolean
add_targets (EqsSplit *split, const Set *set, const char *part, gsize n, GError **error)
{
  g_autoptr (GArray) kinds = set->graph_labels == NULL ? NULL : kinds_of (set->graph_labels, 0, error);
  EqsColumn         *column;
  gsize              row = 0;

  if (set->graph_labels != NULL && kinds == NULL)
    return FALSE;
  if (kinds != NULL)
    {
      const guint64 dims[1] = { n };
      gint32       *data = g_new (gint32, n + 1);

      for (gsize g = 0; g < set->n_graphs; g++)
        if (is_of_part (set, g, part))
          data[row++] = (gint32) kind_of (kinds, at (set->graph_labels, g, 0));
      column = eqs_split_take_column (split, "label", EQS_COLUMN_FIXED, eqs_array_new_take (EQS_DTYPE_I32, 1, dims, data), error);
      if (column == NULL)
        return FALSE;
      column->role = EQS_ROLE_TARGET;
      column->values = EQS_VALUES_LABEL;
      column->n_classes = kinds->len;
    }
  if (set->graph_attributes != NULL)
    {
      const guint64 dims[2] = { n, set->graph_attributes->width };
      double       *data = g_new (double, n * set->graph_attributes->width + 1);

      row = 0;
      for (gsize g = 0; g < set->n_graphs; g++)
        if (is_of_part (set, g, part))
          for (guint c = 0; c < set->graph_attributes->width; c++)
            data[row++] = at (set->graph_attributes, g, c);
      column = eqs_split_take_column (split, "attributes", EQS_COLUMN_FIXED, eqs_array_new_take (EQS_DTYPE_F64, 2, dims, data), error);
      if (column == NULL)
        return FALSE;
      column->role = EQS_ROLE_TARGET;
    }
  return TRUE;
}

EqsSplit *
eqs_tu_read (const char *folder, const char *name, const char *part, GError **error)
{
  g_autoptr (EqsSplit) split = eqs_split_new (part);
  g_auto (Set)         set = { 0 };
  g_auto (Rows)        nodes = { 0 }, edges = { 0 };

  if (!read_set (&set, folder, name, error))
    return NULL;
  choose_nodes (&set, part, &nodes);
  choose_edges (&set, part, &edges);
  if (nodes.n_graphs == 0)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_EMPTY, _("“%s” has no graphs of the part “%s”."), name, part);
      return NULL;
    }
  if (!eqs_split_set_offsets (split, EQS_COLUMN_PER_NODE, nodes.offsets, nodes.n_graphs, error) ||
      !eqs_split_set_offsets (split, EQS_COLUMN_PER_EDGE, edges.offsets, edges.n_graphs, error) || !add_links (split, &set, &edges, error) ||
      !add_features (split, "nodes", EQS_COLUMN_PER_NODE, set.node_labels, set.node_attributes, &nodes, error) ||
      !add_features (split, "edge_features", EQS_COLUMN_PER_EDGE, set.edge_labels, set.edge_attributes, &edges, error) ||
      !add_targets (split, &set, part, nodes.n_graphs, error))
    return NULL;
  return g_steal_pointer (&split);
}

char **
eqs_tu_list_parts (const char *folder, const char *name, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  g_auto (Set)          set = { 0 };

  if (!read_set (&set, folder, name, error))
    return NULL;
  for (gsize g = 0; set.parts != NULL && g < set.n_graphs; g++)
    if (!g_ptr_array_find_with_equal_func (list, set.parts[g], g_str_equal, NULL))
      g_ptr_array_add (list, g_strdup (set.parts[g]));
  if (set.parts == NULL)
    g_ptr_array_add (list, g_strdup ("train"));
  g_ptr_array_add (list, NULL);
  return (char **) g_ptr_array_steal (list, NULL);
}
