/* Colour refinement of the graphs of a split, against the classes that they are to be told into. */

#include "services/colouring.h"

#include "eqk/op.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
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

/* Only neighbours speak to each other, and a graph gets a class. Which nodes a pool keeps can depend on their order, which colours do not say. */
static gboolean
is_message_passing (const EqkProgram *program)
{
  const int walk = eqk_op_find ("random_walk");

  if (eqk_program_n_selections (program) > 0 || eqk_program_n_structures (program) == 0 || !eqk_program_structure (program, 0)->given || eqk_program_n_outputs (program) != 1 ||
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

/* The label that eqs_feeder would take: the one that is called as the result, else the first. */
static const EqsColumn *
find_label (EqsSplit *split, const char *node)
{
  const EqsColumn *label = NULL;

  for (guint i = 0; i < eqs_split_get_n_columns (split); i++)
    {
      const EqsColumn *column = eqs_split_get_column (split, i);

      if (column->role == EQS_ROLE_TARGET && column->kind == EQS_COLUMN_FIXED && column->values == EQS_VALUES_LABEL && column->n_values == 1 &&
          (label == NULL || strcmp (column->name, node) == 0))
        label = column;
    }
  return label;
}

/* ---- colours ---- */

struct EqsColouring
{
  gsize    n, n_edges;
  gint32  *ends;                 /* [n_edges, 2] */
  guint64 *colours, *next;       /* [n] */
  guint64 *carried;              /* [n_edges] */
};

/* What the input columns of this kind say of each row. */
static void
first_colours (EqsSplit *split, EqsColumnKind kind, guint sample, guint64 *colours)
{
  for (guint k = 0; k < eqs_split_get_n_columns (split); k++)
    {
      const EqsColumn  *column = eqs_split_get_column (split, k);
      const gsize       rows = eqs_split_count (split, column, &sample, 1);
      g_autofree float *values = NULL;

      if (column->role != EQS_ROLE_INPUT || column->kind != kind || column->values == EQS_VALUES_NODE_INDEX)
        continue;
      values = g_new (float, rows * column->n_values + 1);
      eqs_split_copy (split, column, &sample, 1, values);
      for (gsize i = 0; i < rows; i++)
        colours[i] = mix (colours[i] ^ row_colour (values + i * column->n_values, column->n_values));
    }
}

EqsColouring *
eqs_colouring_new (EqsSplit *split, guint sample)
{
  const EqsColumn *links = eqs_split_find_links (split);
  EqsColouring    *self;

  if (links == NULL)
    return NULL;
  self = g_new0 (EqsColouring, 1);
  self->n = eqs_split_get_n_nodes (split, sample);
  self->n_edges = eqs_split_get_n_edges (split, sample);
  self->ends = g_new (gint32, 2 * self->n_edges + 1);
  self->colours = g_new0 (guint64, self->n + 1);
  self->next = g_new (guint64, self->n + 1);
  self->carried = g_new0 (guint64, self->n_edges + 1);
  eqs_split_copy_int (split, links, &sample, 1, self->ends);
  first_colours (split, EQS_COLUMN_PER_NODE, sample, self->colours);
  first_colours (split, EQS_COLUMN_PER_EDGE, sample, self->carried);
  return self;
}

void
eqs_colouring_free (EqsColouring *self)
{
  g_free (self->ends);
  g_free (self->colours);
  g_free (self->next);
  g_free (self->carried);
  g_free (self);
}

void
eqs_colouring_step (EqsColouring *self)
{
  for (gsize i = 0; i < self->n; i++)
    self->next[i] = mix (self->colours[i]);
  for (gsize e = 0; e < self->n_edges; e++)      /* sums do not know an order */
    self->next[self->ends[2 * e + 1]] += mix (mix (self->colours[self->ends[2 * e]]) ^ self->carried[e]);
  memcpy (self->colours, self->next, self->n * sizeof *self->colours);
}

const guint64 *
eqs_colouring_get (const EqsColouring *self, gsize *n)
{
  *n = self->n;
  return self->colours;
}

static int
compare_colours (gconstpointer a, gconstpointer b)
{
  const guint64 x = *(const guint64 *) a, y = *(const guint64 *) b;

  return (x > y) - (x < y);
}

guint
eqs_colours_number (const guint64 *colours, gsize n, gint32 *numbers)
{
  g_autofree guint64 *sorted = g_memdup2 (colours, n * sizeof *colours);
  guint               count = 1;

  if (n == 0)
    return 0;
  qsort (sorted, n, sizeof *sorted, compare_colours);
  for (gsize i = 1; i < n; i++)
    if (sorted[i] != sorted[count - 1])
      sorted[count++] = sorted[i];
  for (gsize i = 0; numbers != NULL && i < n; i++)
    numbers[i] = (gint32) ((const guint64 *) bsearch (&colours[i], sorted, count, sizeof *sorted, compare_colours) - sorted);
  return count;
}

/* The colour of a graph: of how many nodes of which colours it is made once no round finds more of them. */
static guint64
colour_of (EqsSplit *split, guint sample)
{
  g_autoptr (EqsColouring) colouring = eqs_colouring_new (split, sample);
  guint64 whole = mix (colouring->n);
  guint   found = 0;

  for (guint round = 0; round < MAX_ROUNDS; round++)
    {
      const guint now = eqs_colours_number (colouring->colours, colouring->n, NULL);

      if (now == found || now == colouring->n)
        break;
      found = now;
      eqs_colouring_step (colouring);
    }
  for (gsize i = 0; i < colouring->n; i++)
    whole += mix (colouring->colours[i]);
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
eqs_colour_limit (const EqkProgram *program, EqsSplit *split, EqsColourLimit *out)
{
  const EqsColumn  *label = is_message_passing (program) ? find_label (split, eqk_program_output (program, 0)->node) : NULL;
  const guint       n = eqs_split_get_n (split);
  g_autofree Graph *graphs = g_new (Graph, n + 1);

  *out = (EqsColourLimit) { n, 0, 1 };
  if (label == NULL || eqs_split_find_links (split) == NULL)
    return FALSE;
  for (guint s = 0; s < n; s++)
    {
      gint32 class;

      eqs_split_copy_int (split, label, &s, 1, &class);
      graphs[s] = (Graph) { colour_of (split, s), class };
    }
  qsort (graphs, n, sizeof *graphs, compare_graphs);
  count_alike (graphs, n, out);
  return TRUE;
}

gboolean
eqs_colour_limit_of_data (const EqkProgram *program, EqsDataset *dataset, EqsColourLimit *out)
{
  const char *const *parts = eqs_dataset_get_splits (dataset);
  const char        *part = eqs_dataset_has_split (dataset, "test") ? "test" : parts[0];
  g_autoptr (EqsSplit) split = is_message_passing (program) && part != NULL ? eqs_dataset_load (dataset, part, NULL) : NULL;

  return split != NULL && eqs_colour_limit (program, split, out);
}

EqsMap *
eqs_colour_limit_to_map (const EqsColourLimit *self)
{
  EqsMap *map = eqs_map_new ();

  eqs_map_set (map, "message_passing", eqs_value_new_number (self->most_right));
  eqs_map_set (map, "alike", eqs_value_new_number (self->alike));
  eqs_map_set (map, "graphs", eqs_value_new_number (self->n));
  return map;
}

void
eqs_colour_limit_from_map (const EqsMap *map, EqsColourLimit *out)
{
  out->most_right = eqs_map_get_number (map, "message_passing", 1);
  out->alike = (guint) eqs_map_get_count (map, "alike", G_MAXUINT, 0);
  out->n = (guint) eqs_map_get_count (map, "graphs", G_MAXUINT, 0);
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
