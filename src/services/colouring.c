/* Colour refinement of the graphs of a split, against the classes that they are to be told into. */

#include "services/colouring.h"

#include "eqk/op.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { MAX_ROUNDS = 64 };

/* One step of splitmix64: every bit of the result depends on every bit of x. */
static guint64
mix (guint64 x)
{
  x += G_GUINT64_CONSTANT (0x9E3779B97F4A7C15);
  x = (x ^ (x >> 30)) * G_GUINT64_CONSTANT (0xBF58476D1CE4E5B9);
  x = (x ^ (x >> 27)) * G_GUINT64_CONSTANT (0x94D049BB133111EB);
  return x ^ (x >> 31);
}

static guint64
row_colour (const float *row, gsize n)
{
  guint64 colour = 0;

  for (gsize i = 0; i < n; i++)
    {
      const float number = row[i] == 0 ? 0 : row[i];      /* of -0 too */
      guint32     bits;

      memcpy (&bits, &number, sizeof bits);
      colour = mix (colour ^ bits);
    }
  return colour;
}

/* ---- what the design and the data are ---- */

/* Only neighbours speak to each other, and a graph gets a class. */
static gboolean
is_message_passing (const EqkProgram *program)
{
  const int walk = eqk_op_find ("random_walk");

  if (eqk_program_n_structures (program) == 0 || !eqk_program_structure (program, 0)->given || eqk_program_n_outputs (program) != 1 ||
      eqk_program_output (program, 0)->type.kind != EQK_KIND_LOGITS || eqk_program_output (program, 0)->type.space.kind != EQK_SPACE_SAMPLE)
    return FALSE;
  for (int v = 0; v < eqk_program_n_values (program); v++)
    if (eqk_program_value (program, v)->space.kind == EQK_SPACE_PAIRS)
      return FALSE;
  for (int i = 0; i < eqk_program_n_ops (program); i++)
    if (eqk_program_op (program, i)->type == walk)
      return FALSE;
  return TRUE;
}

typedef struct
{
  EqsSplit        *split;
  const EqsColumn *links, *label;
  GPtrArray       *nodes, *edges;      /* columns that colour nodes, and edges */
} Graphs;

/* The label that eqs_feeder would take: the one that is called as the result, else the first. */
static gboolean
find_columns (Graphs *self, const char *node)
{
  for (guint i = 0; i < eqs_split_get_n_columns (self->split); i++)
    {
      const EqsColumn *column = eqs_split_get_column (self->split, i);

      if (column->values == EQS_VALUES_NODE_INDEX && column->kind == EQS_COLUMN_PER_EDGE && column->n_values == 2)
        self->links = column;
      else if (column->role == EQS_ROLE_INPUT && column->kind == EQS_COLUMN_PER_NODE)
        g_ptr_array_add (self->nodes, (gpointer) column);
      else if (column->role == EQS_ROLE_INPUT && column->kind == EQS_COLUMN_PER_EDGE)
        g_ptr_array_add (self->edges, (gpointer) column);
      else if (column->role == EQS_ROLE_TARGET && column->kind == EQS_COLUMN_FIXED && column->values == EQS_VALUES_LABEL && column->n_values == 1 &&
               (self->label == NULL || strcmp (column->name, node) == 0))
        self->label = column;
    }
  return self->links != NULL && self->label != NULL;
}

/* ---- colours ---- */

static void
first_colours (const Graphs *self, GPtrArray *columns, guint sample, guint64 *colours)
{
  for (guint k = 0; k < columns->len; k++)
    {
      const EqsColumn  *column = columns->pdata[k];
      const gsize       rows = eqs_split_count (self->split, column, &sample, 1);
      g_autofree float *values = g_new (float, rows * column->n_values + 1);

      eqs_split_copy (self->split, column, &sample, 1, values);
      for (gsize i = 0; i < rows; i++)
        colours[i] = mix (colours[i] ^ row_colour (values + i * column->n_values, column->n_values));
    }
}

static int
compare_colours (gconstpointer a, gconstpointer b)
{
  const guint64 x = *(const guint64 *) a, y = *(const guint64 *) b;

  return (x > y) - (x < y);
}

static guint
count_colours (const guint64 *colours, gsize n)
{
  g_autofree guint64 *sorted = g_memdup2 (colours, n * sizeof *colours);
  guint               count = n > 0;

  qsort (sorted, n, sizeof *sorted, compare_colours);
  for (gsize i = 1; i < n; i++)
    count += sorted[i] != sorted[i - 1];
  return count;
}

/* The colour of a graph: of how many nodes of which colours it is made once no round finds more of them. */
static guint64
colour_of (const Graphs *self, guint sample)
{
  const gsize         n = eqs_split_get_n_nodes (self->split, sample), m = eqs_split_get_n_edges (self->split, sample);
  g_autofree guint64 *colours = g_new0 (guint64, n + 1), *next = g_new (guint64, n + 1), *carried = g_new0 (guint64, m + 1);
  g_autofree gint32  *ends = g_new (gint32, 2 * m + 1);
  guint64             whole = mix (n);
  guint               found = 0;

  first_colours (self, self->nodes, sample, colours);
  first_colours (self, self->edges, sample, carried);
  eqs_split_copy_int (self->split, self->links, &sample, 1, ends);
  for (guint round = 0; round < MAX_ROUNDS; round++)
    {
      const guint now = count_colours (colours, n);

      if (now == found || now == n)
        break;
      found = now;
      for (gsize i = 0; i < n; i++)
        next[i] = mix (colours[i]);
      for (gsize e = 0; e < m; e++)      /* sums do not know an order */
        next[ends[2 * e + 1]] += mix (mix (colours[ends[2 * e]]) ^ carried[e]);
      memcpy (colours, next, n * sizeof *colours);
    }
  for (gsize i = 0; i < n; i++)
    whole += mix (colours[i]);
  return whole;
}

/* ---- against the classes ---- */

typedef struct { guint64 colour; gint64 class; } Graph;

static int
compare_graphs (gconstpointer a, gconstpointer b)
{
  const Graph *x = a, *y = b;

  return x->colour != y->colour ? (x->colour > y->colour) - (x->colour < y->colour) : (x->class > y->class) - (x->class < y->class);
}

/* Graphs of one colour stand together, in them those of one class. */
static void
count_alike (const Graph *graphs, guint n, EqsColourLimit *out)
{
  guint right = 0;

  for (guint first = 0, end; first < n; first = end)
    {
      guint most = 0, classes = 0;

      for (end = first; end < n && graphs[end].colour == graphs[first].colour;)
        {
          const guint begin = end;

          while (end < n && graphs[end].colour == graphs[begin].colour && graphs[end].class == graphs[begin].class)
            end++;
          most = MAX (most, end - begin);
          classes++;
        }
      right += most;
      out->alike += classes > 1 ? end - first : 0;
    }
  out->most_right = n == 0 ? 1 : (double) right / n;
}

gboolean
eqs_colour_limit (EqsModel *model, EqsSplit *split, EqsColourLimit *out)
{
  g_autoptr (GPtrArray) nodes = g_ptr_array_new (), edges = g_ptr_array_new ();
  Graphs                self = { .split = split, .nodes = nodes, .edges = edges };
  const guint           n = eqs_split_get_n (split);
  g_autofree Graph     *graphs = g_new (Graph, n + 1);

  *out = (EqsColourLimit) { n, 0, 1 };
  if (!is_message_passing (model->program) || !find_columns (&self, eqk_program_output (model->program, 0)->node))
    return FALSE;
  for (guint s = 0; s < n; s++)
    {
      gint32 class;

      eqs_split_copy_int (split, self.label, &s, 1, &class);
      graphs[s] = (Graph) { colour_of (&self, s), class };
    }
  qsort (graphs, n, sizeof *graphs, compare_graphs);
  count_alike (graphs, n, out);
  return TRUE;
}

char *
eqs_colour_limit_dup_text (const EqsColourLimit *self)
{
  if (self->alike == 0)
    return NULL;
  /* Translators: two counts of graphs, then a percentage */
  return g_strdup_printf (_("Message passing cannot tell %u of these %u graphs from one of another class: the colours of their nodes, refined by those of their neighbours, agree. "
                            "At most %.1f %% can be right. Layers on pairs of nodes, as in T23, or random walks see more."),
                          self->alike, self->n, 100 * self->most_right);
}
