/*
 * Binding. All is tried on a copy; each change is an edit, so that what was tried is what a history can undo. Nothing here asks
 * for a layer by name: an input is a layer with the input flag, and settings are found by what they mean (height and width,
 * fields, kinds of atoms). At the end the copy is compiled and shown the data: what the trainer would refuse is refused here.
 */

#include "services/bind.h"

#include "data/error.h"
#include "model/compile.h"
#include "services/batch.h"
#include "services/bind-cell.h"
#include "services/bind-notes.h"
#include "services/bind-question.h"
#include "services/bound-data.h"
#include "services/neighbour-count.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define RESIZE_LAYER  "resize"     /* corner-aligned, so that it commutes with the symmetries of the grid */
#define WALK_LAYER    "random_walk_pe"
#define RESIZE_REACH  32           /* pixels by which an image may be enlarged to centre the grid */
#define N_EDGE_SAMPLES 200

typedef struct
{
  EqsDocument *document;     /* the copy; owned */
  EqsDataset  *dataset;
  EqsSplit    *split;        /* owned */
  GPtrArray   *edits;        /* owned, of EqsEdit */
  GPtrArray   *changes;      /* owned, of char * */
} Bind;

static void
bind_clear (Bind *self)
{
  g_clear_object (&self->document);
  g_clear_pointer (&self->split, eqs_split_unref);
  g_clear_pointer (&self->edits, g_ptr_array_unref);
  g_clear_pointer (&self->changes, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bind, bind_clear)

static gboolean
set_number (EqsDocument *document, GPtrArray *edits, const char *node, const char *param, double value, GError **error)
{
  return eqs_edits_do (edits, document, eqs_edit_new_set_param (node, param, eqs_value_new_number (value)), error);
}

static void G_GNUC_PRINTF (2, 3)
tell (Bind *self, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (self->changes, g_strdup_vprintf (format, args));
  va_end (args);
}

static gboolean G_GNUC_PRINTF (2, 3)
refuse (GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list          args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, message);
  return FALSE;
}

static const EqkParam *
find_param (const EqkLayerType *layer, const char *name)
{
  for (const EqkParam *p = layer == NULL ? NULL : layer->params; p != NULL && p->name != NULL; p++)
    if (strcmp (p->name, name) == 0)
      return p;
  return NULL;
}

static int
int_of (const EqsNode *node, const EqkLayerType *layer, const char *name)
{
  EqkSettings *settings = eqs_settings_from_map (eqs_node_get_params (node));
  const int    value = eqk_settings_int (settings, layer->params, name);

  eqk_settings_free (settings);
  return value;
}

/* ---- how good a design is ---- */

typedef struct
{
  guint    n_run, n_promise;     /* problems that block the run, the promise */
  gboolean outputs_fit;          /* results on a grid have the extents of their targets */
  char    *first;                /* owned: the first problem that blocks */
} Quality;

static const EqsColumn *
grid_target (EqsSplit *split)
{
  for (guint i = 0; i < eqs_split_get_n_columns (split); i++)
    {
      const EqsColumn *column = eqs_split_get_column (split, i);

      if (column->role == EQS_ROLE_TARGET && column->kind == EQS_COLUMN_FIXED && column->n_dims >= 2)
        return column;
    }
  return NULL;
}

static Quality
quality_of (EqsDocument *document, EqsSplit *split)
{
  g_autoptr (EqsCheck) check = eqs_check_new (document, NULL);
  const EqsColumn     *target = grid_target (split);
  Quality              quality = { 0, 0, TRUE, NULL };

  for (guint i = 0; check != NULL && i < check->problems->len; i++)
    {
      const EqsProblem *problem = g_ptr_array_index (check->problems, i);

      quality.n_run += problem->blocks == EQK_BLOCKS_RUN;
      quality.n_promise += problem->blocks == EQK_BLOCKS_PROMISE;
      if (quality.first == NULL && problem->blocks != EQK_BLOCKS_NOTHING)
        quality.first = g_strdup_printf ("%s%s%s (%s)", problem->node == NULL ? "" : problem->node, problem->node == NULL ? "" : ": ", problem->message,
                                         problem->code);
    }
  for (int i = 0; check != NULL && check->program != NULL && target != NULL && i < eqk_program_n_outputs (check->program); i++)
    {
      const EqkPortType *type = &eqk_program_output (check->program, i)->type;

      if (type->space.kind == EQK_SPACE_GRID && ((guint64) type->space.h != target->dims[0] || (guint64) type->space.w != target->dims[1]))
        quality.outputs_fit = FALSE;
    }
  return quality;
}

/* No worse than before: a design that was broken already stays the person's business. */
static gboolean
is_fine (const Quality *now, const Quality *before)
{
  return now->n_run <= before->n_run && now->n_promise <= before->n_promise && now->outputs_fit;
}

static gboolean
is_as_good (EqsDocument *document, EqsSplit *split, const Quality *before)
{
  Quality        now = quality_of (document, split);
  const gboolean fine = is_fine (&now, before);

  g_free (now.first);
  return fine;
}

/* ---- pictures ---- */

static gboolean
set_extents (EqsDocument *document, GPtrArray *edits, const char *id, int h, int w, GError **error)
{
  return set_number (document, edits, id, "height", h, error) && set_number (document, edits, id, "width", w, error);
}

/* A resize after the input; what follows makes room for it. */
static gboolean
insert_resize (EqsDocument *document, GPtrArray *edits, const char *id, const char *port, int h, int w, GError **error)
{
  EqsMap *params = eqs_map_new ();

  eqs_map_set (params, "height", eqs_value_new_number (h));
  eqs_map_set (params, "width", eqs_value_new_number (w));
  return eqs_edits_do (edits, document, eqs_edit_new_insert_after (id, port, RESIZE_LAYER, params), error);
}

static gboolean
try_resize (Bind *self, const char *id, const char *port, int h, int w, int n, const Quality *before)
{
  g_autoptr (EqsDocument) copy = eqs_document_dup (self->document);

  return set_extents (copy, NULL, id, h, w, NULL) && insert_resize (copy, NULL, id, port, n, n, NULL) && is_as_good (copy, self->split, before);
}

/* The size behind a resize with which nothing is sampled off-centre: the design's own where it is near, or the next one up; 0: none. */
static int
find_size (Bind *self, const char *id, const char *port, int h, int w, int own, const Quality *before)
{
  if (own >= h && own <= h + h / 2 && try_resize (self, id, port, h, w, own, before))
    return own;
  for (int n = h + 1; n <= h + RESIZE_REACH; n++)
    if (try_resize (self, id, port, h, w, n, before))
      return n;
  return 0;
}

static gboolean
bind_extents (Bind *self, const char *id, const EqkLayerType *layer, const EqsColumn *column, GError **error)
{
  EqsNode     *node = eqs_document_find_node (self->document, id);
  const int    own_h = int_of (node, layer, "height"), own_w = int_of (node, layer, "width");
  const int    h = (int) MIN (column->dims[0], G_MAXINT), w = (int) MIN (column->dims[1], G_MAXINT);
  Quality      before = quality_of (self->document, self->split);
  g_autoptr (EqsDocument) copy = eqs_document_dup (self->document);
  g_autofree char *first = before.first;
  const EqkParam  *height = find_param (layer, "height"), *width = find_param (layer, "width");
  int              n;

  if (own_h == h && own_w == w)
    return TRUE;
  if (h < height->min || h > height->max || w < width->min || w > width->max)
    return refuse (error, _("“%s” takes pictures of %g to %g pixels a side; those of “%s” are %d×%d."), id, height->min, height->max,
                   eqs_dataset_get_name (self->dataset), h, w);
  before.outputs_fit = TRUE;
  if (set_extents (copy, NULL, id, h, w, NULL) && is_as_good (copy, self->split, &before))
    {
      tell (self, _("The input “%s” takes pictures of %d×%d pixels instead of %d×%d."), id, h, w, own_h, own_w);
      return set_extents (self->document, self->edits, id, h, w, error);
    }
  if (h != w)
    {
      Quality          now = quality_of (copy, self->split);
      g_autofree char *why = now.first;

      return refuse (error, _("The pictures of “%s” are %d×%d, and the design does not fit that: %s Crop or pad them to squares first."),
                     eqs_dataset_get_name (self->dataset), h, w, why == NULL ? "" : why);
    }
  n = eqk_layer_find (RESIZE_LAYER) == NULL ? 0 : find_size (self, id, layer->outputs[0].name, h, w, own_h, &before);
  if (n == 0)
    return refuse (error, _("The pictures of “%s” are %d×%d. No size from there to %d×%d keeps the grid of this design centred%s."),
                   eqs_dataset_get_name (self->dataset), h, w, h + RESIZE_REACH, w + RESIZE_REACH,
                   grid_target (self->split) != NULL ? _(" with results of the size of the targets") : "");
  tell (self, _("The input “%s” takes pictures of %d×%d pixels instead of %d×%d."), id, h, w, own_h, own_w);
  tell (self, _("After “%s”, a resize from %d×%d to %d×%d (bilinear, corners aligned) keeps the grid centred."), id, h, w, n, n);
  return set_extents (self->document, self->edits, id, h, w, error) &&
         insert_resize (self->document, self->edits, id, layer->outputs[0].name, n, n, error);
}

/* Channels and how they turn. */
static gboolean
bind_channels (Bind *self, const char *id, const EqkLayerType *layer, const EqsColumn *column, GError **error)
{
  EqsNode            *node = eqs_document_find_node (self->document, id);
  const int           own = int_of (node, layer, "channels"), channels = column->n_dims > 2 ? (int) MIN (column->dims[2], G_MAXINT) : 1;
  const EqkParam     *param = find_param (layer, "channels");
  const EqsValue     *fields = eqs_node_get_param (node, "fields");
  const char         *have = fields == NULL ? "" : eqs_value_get_string (fields) == NULL ? "" : eqs_value_get_string (fields);
  const char         *text = column->representation == NULL ? "" : column->representation;
  EqkSymmetry         symmetry;
  const EqkRep       *rep = NULL, *old = NULL;
  g_autofree char    *scalars = g_strdup_printf ("%dx triv", own);
  gboolean            trivial;

  if (!eqs_compile_symmetry (self->document, &symmetry, error))
    return FALSE;
  if (channels < param->min || channels > param->max)
    return refuse (error, _("“%s” takes %g to %g channels; “%s” has %d."), id, param->min, param->max, eqs_dataset_get_name (self->dataset), channels);
  if (*text == '\0' || eqk_rep_parse (symmetry.group, text, &rep, NULL) != EQK_OK || eqk_rep_get_dim (rep) != channels)
    rep = eqk_rep_single (eqk_group_trivial (symmetry.group), channels);
  if (eqk_rep_parse (symmetry.group, *have == '\0' ? scalars : have, &old, NULL) == EQK_OK && old == rep && own == channels)
    return TRUE;
  trivial = eqk_rep_is_trivial (rep);
  if (own != channels)
    {
      if (trivial && *have == '\0')
        tell (self, ngettext ("The input “%s” has %d channel instead of %d.", "The input “%s” has %d channels instead of %d.", (gulong) channels), id, channels, own);
      if (!set_number (self->document, self->edits, id, "channels", channels, error))
        return FALSE;
    }
  if (trivial && *have == '\0')
    return TRUE;
  tell (self, _("The channels of the input “%s” are %s instead of %s, as the data say."), id, eqk_rep_get_text (rep),
        old == NULL ? scalars : eqk_rep_get_text (old));
  return eqs_edits_do (self->edits, self->document, eqs_edit_new_set_param (id, "fields", trivial ? NULL : eqs_value_new_string (text)), error);
}

/* Points are a set of places too. */
static gboolean
is_for_domain (const EqkLayerType *layer, const char *domain)
{
  g_auto (GStrv) domains = g_strsplit (layer->domains, "|", -1);

  if (strcmp (domain, "points") == 0 && g_strv_contains ((const char *const *) domains, "set"))
    return TRUE;
  return *domain == '\0' || strcmp (layer->domains, "any") == 0 || g_strv_contains ((const char *const *) domains, domain);
}

/* Ids first: inserting nodes moves the others. */
static char **
input_ids (EqsDocument *document)
{
  EqsGraph  *graph = eqs_document_get_graph (document, NULL);
  GPtrArray *ids = g_ptr_array_new ();

  for (guint i = 0; i < eqs_graph_get_n_nodes (graph); i++)
    {
      const EqsNode      *node = eqs_graph_get_node (graph, i);
      const EqkLayerType *layer = eqk_layer_find (eqs_node_get_layer (node));

      if (layer != NULL && (layer->flags & EQK_LAYER_INPUT) != 0 && (layer->inputs == NULL || layer->inputs[0].name == NULL) && !eqs_node_is_bypassed (node))
        g_ptr_array_add (ids, g_strdup (eqs_node_get_id (node)));
    }
  g_ptr_array_add (ids, NULL);
  return (char **) g_ptr_array_free (ids, FALSE);
}

/* Nodes that carry nothing are told apart by where they stand: walks that come back, which no renaming changes. */
static gboolean
bind_walks (Bind *self, const char *id, const EqkLayerType *layer, GError **error)
{
  EqsMap          *params = eqs_map_new ();
  EqsGraph        *graph = eqs_document_get_graph (self->document, NULL);
  const char      *port = layer->outputs[0].name;
  g_autofree char *from = g_strconcat (id, ".edges", NULL), *to = NULL;
  int              link;

  eqs_map_set (params, "steps", eqs_value_new_number (16));
  if (!eqs_edits_do (self->edits, self->document, eqs_edit_new_insert_after (id, port, WALK_LAYER, params), error))
    return FALSE;
  link = eqs_graph_find_link (graph, id, port, NULL, NULL);
  if (link < 0)
    return TRUE;
  to = g_strconcat (eqs_graph_get_link (graph, (guint) link)->to_node, ".edges", NULL);
  tell (self, _("After “%s”, chances of walks to come back after 1 to 16 steps tell nodes apart without naming them."), id);
  return eqs_edits_do (self->edits, self->document, eqs_edit_new_connect (NULL, from, to, FALSE), error);
}

/* Which of the numbers of elements only count them, 0, 1, 2 … in the order of the file. */
static gboolean
find_counting (EqsSplit *split, const double *x, guint n, gsize width, gboolean *counting)
{
  gboolean any = FALSE;

  for (gsize k = 0; k < width; k++)
    {
      gsize row = 0, most = 0;

      counting[k] = TRUE;
      for (guint s = 0; s < n && counting[k]; s++)
        {
          const gsize nodes = eqs_split_get_n_nodes (split, s);

          most = MAX (most, nodes);
          for (gsize i = 0; i < nodes && counting[k]; i++, row++)
            counting[k] = x[row * width + k] == (double) i;
        }
      counting[k] = counting[k] && most > 2;
      any = any || counting[k];
    }
  return any;
}

/* Whether all of them together are a one at the place of the element. */
static gboolean
is_one_hot (EqsSplit *split, const double *x, guint n, gsize width)
{
  gsize row = 0, most = 0;

  for (guint s = 0; s < n; s++)
    {
      const gsize nodes = eqs_split_get_n_nodes (split, s);

      most = MAX (most, nodes);
      for (gsize i = 0; i < nodes; i++, row++)
        for (gsize c = 0; c < width; c++)
          if (x[row * width + c] != (i == c))
            return FALSE;
    }
  return most > 2;
}

/* Tells the design what the data carry in names, for the checks to see: one for each number where few of them count, else one for all. */
static gboolean
bind_names (Bind *self, const char *id, const EqkLayerType *layer, const EqsColumn *column, GError **error)
{
  const guint           n = MIN (eqs_split_get_n (self->split), N_EDGE_SAMPLES);
  const gsize           width = column->n_values;
  g_autofree double    *x = g_new (double, eqs_split_count (self->split, column, NULL, n) * width + 1);
  g_autofree gboolean  *counting = g_new0 (gboolean, width + 1);
  g_autoptr (GString)   names = g_string_new (NULL);
  gboolean              one_hot;
  char                  word[64];

  if (find_param (layer, "names") == NULL)
    return TRUE;
  eqs_split_copy_double (self->split, column, NULL, n, x);
  one_hot = !find_counting (self->split, x, n, width, counting) && width > 2 && is_one_hot (self->split, x, n, width);
  if (eqk_layer_telling_name (layer, one_hot ? EQK_TELLS_ONE_HOT : EQK_TELLS_NUMBER, word, sizeof word) == NULL)
    return TRUE;
  for (gsize k = 0; k < width && !one_hot; k++)
    if (counting[k])
      g_string_append_printf (names, "%s%s", k > 0 ? "," : "", word);
    else
      g_string_append_printf (names, "%sx%zu", k > 0 ? "," : "", k + 1);
  if (one_hot)
    g_string_assign (names, word);
  else if (strstr (names->str, word) == NULL)
    return TRUE;
  tell (self, _("“%s” carries numbers that only say which element is which (“%s”)."), column->name, word);
  return eqs_edits_do (self->edits, self->document, eqs_edit_new_set_param (id, "names", eqs_value_new_string (names->str)), error);
}

/* Numbers of an element, of a node, of an edge. */
static gboolean
bind_rows (Bind *self, const char *id, const EqkLayerType *layer, GError **error)
{
  static const struct { const char *param; EqsColumnKind kind; } known[] = { { "channels", EQS_COLUMN_PER_NODE }, { "edge_channels", EQS_COLUMN_PER_EDGE } };

  if (find_param (layer, "height") != NULL)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    {
      const EqkParam  *param = find_param (layer, known[i].param);
      const EqsColumn *column = eqs_split_find_rows (self->split, known[i].kind);
      const int        n = column == NULL ? 0 : (int) MIN (column->n_values, G_MAXINT);
      int              own;

      if (param == NULL)
        continue;
      own = int_of (eqs_document_find_node (self->document, id), layer, param->name);
      if (known[i].kind == EQS_COLUMN_PER_EDGE && own == 0)
        continue;                 /* the design does not read them */
      if (known[i].kind == EQS_COLUMN_PER_EDGE ? n == 0 : n < param->min || n > param->max)
        return n == 0 && known[i].kind == EQS_COLUMN_PER_EDGE
                 ? refuse (error, _("“%s” gives %d numbers of each edge, and edges of “%s” carry none. A design that reads none: templates T20, T21 and T23, or “equi guide”."), id, own, eqs_dataset_get_name (self->dataset))
                 : refuse (error, _("“%s” takes rows of %g to %g numbers; “%s” has %d."), id, param->min, param->max, eqs_dataset_get_name (self->dataset), n);
      if (column != NULL && column->values == EQS_VALUES_POSITION)
        tell (self, _("“%s” takes the places of points as numbers: to this design a cloud that is turned is another set."), id);
      if (known[i].kind == EQS_COLUMN_PER_NODE && n > 0 && !bind_names (self, id, layer, column, error))
        return FALSE;
      if (n == own)
        continue;
      if (n == 0 && !bind_walks (self, id, layer, error))
        return FALSE;
      if (n == 0)
        tell (self, _("Nodes of “%s” carry nothing: “%s” gives a one for each."), eqs_dataset_get_name (self->dataset), id);
      else if (known[i].kind == EQS_COLUMN_PER_NODE)
        tell (self, strcmp (eqs_dataset_get_domain (self->dataset), "graph") == 0
                    ? ngettext ("“%s” takes %d number of each node instead of %d.", "“%s” takes %d numbers of each node instead of %d.", (gulong) n)
                    : ngettext ("“%s” takes %d number of each element instead of %d.", "“%s” takes %d numbers of each element instead of %d.", (gulong) n), id, n, own);
      else
        tell (self, ngettext ("“%s” takes %d number of each edge instead of %d.", "“%s” takes %d numbers of each edge instead of %d.", (gulong) n), id, n, own);
      if (!set_number (self->document, self->edits, id, param->name, n, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
refuse_domain (Bind *self, const char *id, const EqkLayerType *layer, GError **error)
{
  const char      *name = eqs_dataset_get_name (self->dataset), *domain = eqs_dataset_get_domain (self->dataset);
  g_autofree char *hint = is_for_domain (layer, "image") ? eqs_bind_dup_picture_hint (self->dataset, self->split) : NULL;

  if (hint == NULL)
    return refuse (error, _("“%s” reads data of the kind %s; “%s” is of the kind %s."), id, layer->domains, name, domain);
  /* Translators: a node, a kind of data, a data set, a kind of data, a JSON text */
  return refuse (error, _("“%s” reads data of the kind %s; “%s” is of the kind %s. If its rows are pictures, write into dataset.json beside them: %s"), id, layer->domains, name, domain, hint);
}

static gboolean
bind_inputs (Bind *self, GError **error)
{
  g_auto (GStrv) ids = input_ids (self->document);

  if (ids[0] == NULL)
    return refuse (error, _("The design has no input layer to bind data to."));
  for (guint i = 0; ids[i] != NULL; i++)
    {
      const EqkLayerType *layer = eqk_layer_find (eqs_node_get_layer (eqs_document_find_node (self->document, ids[i])));
      const EqsColumn    *column = eqs_split_find_input (self->split);

      if (!is_for_domain (layer, eqs_dataset_get_domain (self->dataset)))
        return refuse_domain (self, ids[i], layer, error);
      if (!bind_rows (self, ids[i], layer, error))
        return FALSE;
      if (find_param (layer, "height") == NULL || find_param (layer, "width") == NULL)
        continue;
      if (column == NULL || column->kind != EQS_COLUMN_FIXED || column->n_dims < 2 || column->n_dims > 3)
        return refuse (error, _("“%s” takes pictures, and “%s” has none."), ids[i], eqs_dataset_get_name (self->dataset));
      if (!bind_channels (self, ids[i], layer, column, error) || !bind_extents (self, ids[i], layer, column, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- atoms ---- */

static int
count_species (const EqsColumn *column)
{
  guint8 seen[256] = { 0 };
  int    n = 0;

  for (gsize i = 0; i < column->array->n_values; i++)
    {
      const gint64 z = eqs_array_get_int (column->array, i);

      if (z >= 0 && z < 256 && !seen[z])
        {
          seen[z] = 1;
          n++;
        }
    }
  return n;
}

static gboolean
bind_species (Bind *self, GError **error)
{
  EqsGraph *graph = eqs_document_get_graph (self->document, NULL);
  int       n = 0;

  for (guint i = 0; i < eqs_split_get_n_columns (self->split) && n == 0; i++)
    if (eqs_split_get_column (self->split, i)->values == EQS_VALUES_SPECIES)
      n = count_species (eqs_split_get_column (self->split, i));
  if (n == 0 && strcmp (eqs_dataset_get_domain (self->dataset), "points") == 0)
    n = 1;                        /* points without kinds are all of one */
  for (guint i = 0; n > 0 && i < eqs_graph_get_n_nodes (graph); i++)
    {
      const EqsNode      *node = eqs_graph_get_node (graph, i);
      const EqkLayerType *layer = eqk_layer_find (eqs_node_get_layer (node));
      const EqkParam     *param = find_param (layer, "species");
      int                 own;

      if (param == NULL || param->kind != EQK_PARAM_INT)
        continue;
      own = int_of (node, layer, "species");
      if (own == n || (own == 0 && param->min <= 0))   /* 0: the layer has no table of kinds */
        continue;
      if (strcmp (eqs_dataset_get_domain (self->dataset), "points") == 0)
        tell (self, ngettext ("“%s” knows %d kind of points instead of %d.", "“%s” knows %d kinds of points instead of %d.", (gulong) n), eqs_node_get_id (node), n, own);
      else
        tell (self, ngettext ("“%s” knows %d kind of atoms instead of %d.", "“%s” knows %d kinds of atoms instead of %d.", (gulong) n), eqs_node_get_id (node), n, own);
      if (!set_number (self->document, self->edits, eqs_node_get_id (node), "species", n, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- results ---- */

/* The setting that says how many numbers a result has: of the node itself, or of the next one upstream. */
static gboolean
set_width (Bind *self, const char *id, int n, GError **error)
{
  EqsGraph   *graph = eqs_document_get_graph (self->document, NULL);
  static const char *const names[] = { "classes", "out", "channels" };     /* the last of what feeds the head */

  for (int steps = 0; steps < 3; steps++)
    {
      EqsNode            *node = eqs_graph_find_node (graph, id);
      const EqkLayerType *layer = node == NULL ? NULL : eqk_layer_find (eqs_node_get_layer (node));
      int                 link;

      for (gsize i = 0; layer != NULL && i < G_N_ELEMENTS (names); i++)
        {
          const EqkParam  *param = i == 2 && (steps == 0 || (layer->flags & EQK_LAYER_LINEAR) == 0) ? NULL : find_param (layer, names[i]);
          g_autofree char *text = g_strdup_printf ("%dx triv", n);

          if (param != NULL && param->kind == EQK_PARAM_INT && int_of (node, layer, param->name) != 0 && (n < param->min || n > param->max))
            return refuse (error, _("“%s” tells %g to %g classes apart; “%s” has %d."), id, param->min, param->max, eqs_dataset_get_name (self->dataset), n);
          if (param != NULL && param->kind == EQK_PARAM_INT && int_of (node, layer, param->name) != 0)   /* 0: what comes in decides */
            return set_number (self->document, self->edits, id, param->name, n, error);
          if (param != NULL && param->kind == EQK_PARAM_REP)
            return eqs_edits_do (self->edits, self->document, eqs_edit_new_set_param (id, param->name, eqs_value_new_string (text)), error);
        }
      if (layer == NULL || layer->inputs == NULL || layer->inputs[0].name == NULL)
        break;
      link = eqs_graph_find_link (graph, NULL, NULL, id, layer->inputs[0].name);
      if (link < 0)
        break;
      id = eqs_graph_get_link (graph, (guint) link)->from_node;
    }
  return refuse (error, _("“%s” has no setting for its number of classes."), id);
}

static gboolean
bind_classes (Bind *self, GError **error)
{
  g_autoptr (EqsCheck) check = eqs_check_new (self->document, error);

  if (check == NULL)
    return FALSE;
  for (int i = 0; check->program != NULL && i < eqk_program_n_outputs (check->program); i++)
    {
      const EqkProgramOutput *output = eqk_program_output (check->program, i);
      const gboolean          grid = output->type.space.kind == EQK_SPACE_GRID;
      const int               own = eqk_rep_get_dim (output->type.rep);
      g_autofree char        *id = eqs_compile_dup_path (output->node);
      const EqsColumn        *labels = eqs_bind_find_labels (self->split, &output->type, id);

      if (output->type.kind != EQK_KIND_LOGITS)
        continue;
      if (labels == NULL)
        return refuse (error, grid ? _("“%s” gives a class for each pixel, and “%s” has no such labels.") : _("“%s” gives one class a sample, and “%s” has no such labels."),
                       id, eqs_dataset_get_name (self->dataset));
      if (labels->n_classes < 2)
        return refuse (error, _("“%s” has samples of one class only: there is nothing for “%s” to tell apart. A class is a folder with pictures, or a label."),
                       eqs_dataset_get_name (self->dataset), id);
      if ((int) labels->n_classes == own)
        continue;
      tell (self, _("“%s” tells %u classes apart instead of %d."), id, labels->n_classes, own);
      if (!set_width (self, id, (int) labels->n_classes, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- sizes for costs ---- */

static int
by_size (gconstpointer a, gconstpointer b)
{
  const gsize x = *(const gsize *) a, y = *(const gsize *) b;

  return x < y ? -1 : x > y;
}

static gsize
percentile95 (GArray *sizes)
{
  g_array_sort (sizes, by_size);
  return sizes->len == 0 ? 0 : g_array_index (sizes, gsize, (guint) MIN (ceil (0.95 * sizes->len), sizes->len) - 1);
}

static gboolean
set_nominal (Bind *self, const char *key, gsize value, GError **error)
{
  if (value == 0 || eqs_map_get_number (eqs_document_get_section (self->document, EQS_SECTION_NOMINAL), key, -1) == (double) value)
    return TRUE;
  tell (self, _("Costs are for %s = %zu, the 95th percentile of the data."), key, value);
  return eqs_edits_do (self->edits, self->document, eqs_edit_new_set_entry (EQS_SECTION_NOMINAL, key, eqs_value_new_number ((double) value)), error);
}

static gboolean
bind_nominal (Bind *self, GError **error)
{
  const guint          n = eqs_split_get_n (self->split), step = MAX (n / N_EDGE_SAMPLES, 1);
  g_autoptr (EqsCheck) check = NULL;
  g_autoptr (GArray)   nodes = g_array_new (FALSE, FALSE, sizeof (gsize)), edges = g_array_new (FALSE, FALSE, sizeof (gsize));
  const EqsColumn     *positions = NULL;

  if (!eqs_split_is_ragged (self->split))
    return TRUE;
  check = eqs_check_new (self->document, error);
  if (check == NULL)
    return FALSE;
  for (guint i = 0; i < eqs_split_get_n_columns (self->split); i++)
    {
      const EqsColumn *column = eqs_split_get_column (self->split, i);

      if (column->role == EQS_ROLE_INPUT && column->kind == EQS_COLUMN_PER_NODE && column->values == EQS_VALUES_POSITION && column->n_values == 3)
        positions = column;
    }
  for (guint k = 0; k < n; k++)
    {
      const gsize size = eqs_split_get_n_nodes (self->split, k);

      g_array_append_val (nodes, size);
      if (check->program != NULL && eqk_program_n_structures (check->program) > 0 && eqk_program_structure (check->program, 0)->given)
        {
          const gsize count = eqs_split_get_n_edges (self->split, k);

          g_array_append_val (edges, count);
        }
      else if (k % step == 0 && positions != NULL && check->program != NULL && eqk_program_n_structures (check->program) > 0)
        {
          gsize count;

          if (!eqs_count_edges (check->program, self->split, k, 1, &count, error))
            return FALSE;
          g_array_append_val (edges, count);
        }
    }
  return set_nominal (self, "N", percentile95 (nodes), error) && set_nominal (self, "E", percentile95 (edges), error);
}

/* ---- plan ---- */

/* Small moves of pictures need pictures. */
static gboolean
bind_augment (Bind *self, GError **error)
{
  const char           *augment = eqs_map_get_string (eqs_document_get_section (self->document, EQS_SECTION_TRAINING), "augment", "none");
  g_autoptr (EqsCheck)  check = strcmp (augment, "jitter") == 0 ? eqs_check_new (self->document, error) : NULL;
  g_autoptr (EqsFeeder) feeder = check == NULL || check->program == NULL ? NULL : eqs_feeder_new (check->program, self->split, TRUE, error);

  if (strcmp (augment, "jitter") != 0)
    return TRUE;
  if (feeder == NULL)
    return check != NULL && check->program == NULL;      /* a design that does not run is told of elsewhere */
  if (eqs_feeder_can_jitter (feeder))
    return TRUE;
  tell (self, _("Training does not move pictures a little: there are none in the data."));
  return eqs_edits_do (self->edits, self->document, eqs_edit_new_set_entry (EQS_SECTION_TRAINING, "augment", eqs_value_new_string ("none")), error);
}

/* ---- all together ---- */

static gboolean
note_data (Bind *self, GError **error)
{
  const char      *name = eqs_dataset_get_name (self->dataset);
  g_autofree char *parent = g_path_get_dirname (eqs_dataset_get_path (self->dataset));
  g_autofree char *above = g_path_get_basename (parent);
  const gboolean   shipped = strcmp (above, "datasets") == 0;

  return eqs_edits_do (self->edits, self->document, eqs_edit_new_set_entry (EQS_SECTION_DATA, "name", eqs_value_new_string (name)), error) &&
         eqs_edits_do (self->edits, self->document,
                eqs_edit_new_set_entry (EQS_SECTION_DATA, "path", shipped ? NULL : eqs_value_new_string (eqs_dataset_get_path (self->dataset))), error);
}

/* The trainer's own eyes on the result. */
static gboolean
verify (Bind *self, GError **error)
{
  g_autoptr (EqsCheck)  check = eqs_check_new (self->document, error);
  g_autoptr (EqsFeeder) feeder = NULL;
  g_autoptr (GError)    unfit = NULL;
  const char           *hint;

  if (check == NULL)
    return FALSE;
  if (check->program == NULL)
    return TRUE;   /* the design does not run for reasons of its own, which “check” tells */
  feeder = eqs_feeder_new (check->program, self->split, TRUE, &unfit);
  if (feeder != NULL)
    return TRUE;
  /* The trainer's message sends people to bind, where they are. */
  hint = strstr (unfit->message, "“equi bind”");
  refuse (error, _("“%s” cannot be bound to this design: %.*s"), eqs_dataset_get_name (self->dataset),
          (int) (hint == NULL ? strlen (unfit->message) : (gsize) (hint - unfit->message)), unfit->message);
  if (error != NULL && g_error_matches (unfit, EQS_MODEL_ERROR, EQS_MODEL_ERROR_UNMATCHED))
    (*error)->code = EQS_MODEL_ERROR_UNMATCHED;
  return FALSE;
}

static gboolean
bind_all (Bind *self, EqsDocument *document, EqsDataset *dataset, GError **error)
{
  *self = (Bind) { .document = eqs_document_dup (document), .dataset = dataset, .edits = eqs_edits_new (),
                   .changes = g_ptr_array_new_with_free_func (g_free) };
  self->split = eqs_dataset_load (dataset, "train", error);
  return self->split != NULL && eqs_bound_data_note (self->document, self->dataset, self->edits, self->changes, error) && bind_inputs (self, error) && bind_species (self, error) && eqs_bind_cell (self->document, self->dataset, self->split, self->edits, self->changes, error) && eqs_bind_question (self->document, self->dataset, self->split, self->edits, self->changes, error) &&
         bind_classes (self, error) && bind_nominal (self, error) &&
         verify (self, error) && bind_augment (self, error) && note_data (self, error);
}

gboolean
eqs_bind (EqsDocument *document, EqsDataset *dataset, EqsHistory *history, GPtrArray **changes, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), FALSE);
  g_auto (Bind) bind = { 0 };

  if (!bind_all (&bind, document, dataset, error))
    return FALSE;
  if (history != NULL ? !eqs_history_do (history, eqs_command_new_edits (_("Bind data"), g_steal_pointer (&bind.edits)), error)
                      : !eqs_edits_apply (bind.edits, document, error))
    return FALSE;
  *changes = g_steal_pointer (&bind.changes);
  return TRUE;
}

gboolean
eqs_bind_check (EqsDocument *document, EqsDataset *dataset, GPtrArray **changes, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), FALSE);
  g_auto (Bind) bind = { 0 };

  if (!bind_all (&bind, document, dataset, error))
    return FALSE;
  *changes = g_steal_pointer (&bind.changes);
  return TRUE;
}
