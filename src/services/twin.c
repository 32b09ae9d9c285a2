/*
 * The table below is the only place outside the layers' own files that knows layers by id: what a layer's ordinary counterpart is
 * cannot be said of the layer alone. Layers that are not in it stay as they are (pooling, padding, sums, heads); whether they
 * accept plain channels the check says afterwards.
 */

#include "services/twin.h"

#include "model/compile.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

typedef enum { TWIN_CONV, TWIN_REPLACE, TWIN_REMOVE, TWIN_INPUT, TWIN_NONE } Change;

typedef struct
{
  const char *layer;
  Change      change;
  const char *becomes;
  const char *keeps;       /* settings that are taken over, parted by blanks */
} Rule;

static const Rule rules[] = {
  { "r2conv", TWIN_CONV, "conv2d_plain", "k stride pad dilation pad_mode bias" },
  { "lift_conv", TWIN_CONV, "conv2d_plain", "k stride pad dilation pad_mode bias" },
  { "group_conv", TWIN_CONV, "conv2d_plain", "k stride pad dilation pad_mode bias" },
  { "depthwise_r2conv", TWIN_CONV, "conv2d_plain", "k stride pad dilation pad_mode bias" },
  { "r2conv_1x1", TWIN_CONV, "conv2d_plain", "stride bias" },
  { "conv2d_plain", TWIN_CONV, "conv2d_plain", "k stride pad dilation pad_mode bias" },
  { "inner_bn", TWIN_REPLACE, "batchnorm_plain", "momentum eps affine" },
  { "iid_bn", TWIN_REPLACE, "batchnorm_plain", "momentum eps affine" },
  { "norm_bn", TWIN_REPLACE, "batchnorm_plain", "momentum eps affine" },
  { "gate", TWIN_REPLACE, "relu_pw", "" },
  { "norm_act", TWIN_REPLACE, "relu_pw", "" },
  { "vector_field_act", TWIN_REPLACE, "relu_pw", "" },
  { "crelu_concat", TWIN_REPLACE, "relu_pw", "" },
  { "normmaxpool", TWIN_REPLACE, "maxpool_pw", "k stride pad" },
  { "field_dropout", TWIN_REPLACE, "dropout_plain", "p" },
  { "group_pool", TWIN_REMOVE, NULL, NULL },
  { "norm_pool", TWIN_REMOVE, NULL, NULL },
  { "restrict", TWIN_REMOVE, NULL, NULL },
  { "permute_fields", TWIN_REMOVE, NULL, NULL },
  { "extract_scalars", TWIN_REMOVE, NULL, NULL },
  { "input_image", TWIN_INPUT, NULL, NULL },
  { "r2conv_transposed", TWIN_NONE, NULL, NULL },
  { "split", TWIN_NONE, NULL, NULL },
};

/* A convolution of the twin whose width is searched for. */
typedef struct
{
  char  *id;           /* owned */
  int    channels;     /* of the design */
} Wide;

/* A graph of the original and the node whose body it is. */
typedef struct Scope Scope;

struct Scope
{
  const Scope   *parent;     /* NULL: the main graph */
  const EqsNode *block;      /* in the parent's graph */
  EqsGraph      *graph;
  const char    *path;       /* of its nodes: "" or "block/" */
};

typedef struct
{
  EqsDocument *original, *twin;
  EqsCheck    *check;        /* of the original */
  GArray      *wide;         /* of Wide */
} Twin;

static const Rule *
find_rule (const char *layer)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    if (strcmp (rules[i].layer, layer) == 0)
      return &rules[i];
  return NULL;
}

static int
channels_of (const Twin *self, const char *path)
{
  const EqkPortType *type = eqs_check_output_type (self->check, self->original, path, NULL);

  return type == NULL ? 0 : eqk_rep_get_dim (type->rep);
}

static gboolean is_free_from (const Scope *scope, const char *id, guint depth);

/* Whether the width that arrives at `to` is free: at once, by what lies in its body, or by what follows it. */
static gboolean
takes_any_width (const Scope *scope, const EqsNode *to, guint depth)
{
  const Rule *rule = find_rule (eqs_node_get_layer (to));
  EqsGraph   *body = eqs_node_get_body (to);

  if ((rule != NULL && rule->change == TWIN_CONV) || strcmp (eqs_node_get_layer (to), "mlp_head") == 0 || strcmp (eqs_node_get_layer (to), "regression_head") == 0)
    return TRUE;
  if (body != NULL)
    {
      const Scope inside = { scope, to, body, NULL };

      return is_free_from (&inside, "", depth + 1);
    }
  return is_free_from (scope, eqs_node_get_id (to), depth + 1);
}

/* Whether anything downstream has weights that take whatever width comes: then the width of this node is free. */
static gboolean
is_free_from (const Scope *scope, const char *id, guint depth)
{
  for (guint i = 0; depth < 256 && i < eqs_graph_get_n_links (scope->graph); i++)
    {
      const EqsLink *link = eqs_graph_get_link (scope->graph, i);
      const EqsNode *to;

      if (strcmp (link->from_node, id) != 0)
        continue;
      if (link->to_node[0] == '\0')                  /* leaves the body */
        {
          if (scope->parent != NULL && is_free_from (scope->parent, eqs_node_get_id (scope->block), depth + 1))
            return TRUE;
          continue;
        }
      to = eqs_graph_find_node (scope->graph, link->to_node);
      if (to != NULL && takes_any_width (scope, to, depth))
        return TRUE;
    }
  return FALSE;
}

/* The settings named in `keeps`, as given or as the old layer's defaults have them. */
static EqsMap *
kept_params (const EqsNode *node, const char *keeps)
{
  const EqkLayerType *layer = eqk_layer_find (eqs_node_get_layer (node));
  g_auto (GStrv) names = g_strsplit (keeps, " ", -1);
  EqsMap *map = eqs_map_new ();

  for (char **name = names; *name != NULL; name++)
    {
      EqsValue *value = eqs_node_get_param (node, *name);

      if (value != NULL)
        {
          eqs_map_set (map, *name, eqs_value_ref (value));
          continue;
        }
      for (const EqkParam *p = layer == NULL ? NULL : layer->params; p != NULL && p->name != NULL; p++)
        if (strcmp (p->name, *name) == 0 && p->fallback != NULL)
          eqs_map_set (map, *name, eqs_value_from_setting_text (p->fallback));
    }
  return map;
}

static void
set_width (EqsMap *map, int channels)
{
  g_autofree char *text = g_strdup_printf ("%dx triv", channels);

  eqs_map_set (map, "out", eqs_value_new_string (text));
}

static gboolean
change_conv (Twin *self, const Scope *scope, const EqsNode *node, const char *path, const Rule *rule, GError **error)
{
  g_autoptr (EqsMap) map = kept_params (node, rule->keeps);
  const int channels = channels_of (self, path);

  if (eqs_map_find (map, "k") < 0)
    {
      eqs_map_set (map, "k", eqs_value_new_number (1));
      eqs_map_set (map, "pad", eqs_value_new_number (0));
    }
  set_width (map, channels);
  if (is_free_from (scope, eqs_node_get_id (node), 0))
    {
      const Wide wide = { g_strdup (path), channels };

      g_array_append_val (self->wide, wide);
    }
  return eqs_document_set_layer (self->twin, path, rule->becomes, map, error);
}

static gboolean
change_input (Twin *self, const EqsNode *node, const char *path, GError **error)
{
  g_autoptr (EqsMap) map = eqs_node_get_params (node) == NULL ? eqs_map_new () : eqs_map_copy (eqs_node_get_params (node));

  eqs_map_remove (map, "fields");
  eqs_map_set (map, "channels", eqs_value_new_number (channels_of (self, path)));
  return eqs_document_set_layer (self->twin, path, eqs_node_get_layer (node), map, error);
}

static gboolean
refuse (GError **error, const EqsNode *node)
{
  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("“%s” (%s) has no ordinary counterpart, so this design has no twin."), eqs_node_get_id (node), eqs_node_get_layer (node));
  return FALSE;
}

static gboolean change_graph (Twin *self, const Scope *scope, GError **error);

static gboolean
change_node (Twin *self, const Scope *scope, const EqsNode *node, const char *path, GError **error)
{
  const Rule *rule = find_rule (eqs_node_get_layer (node));
  EqsGraph   *body = eqs_node_get_body (node);

  if (body != NULL)
    {
      g_autofree char *inside = g_strconcat (path, "/", NULL);

      return change_graph (self, &(Scope) { scope, node, body, inside }, error);
    }
  if (eqs_document_get_body (self->original, node) != NULL)
    return refuse (error, node);
  if (rule == NULL)
    return TRUE;
  switch (rule->change)
    {
    case TWIN_CONV:
      return change_conv (self, scope, node, path, rule, error);
    case TWIN_REPLACE:
      {
        g_autoptr (EqsMap) map = kept_params (node, rule->keeps);

        return eqs_document_set_layer (self->twin, path, rule->becomes, map, error);
      }
    case TWIN_REMOVE:
      return eqs_document_remove_node (self->twin, path, TRUE, error);
    case TWIN_INPUT:
      return change_input (self, node, path, error);
    default:
      return refuse (error, node);
    }
}

static gboolean
change_graph (Twin *self, const Scope *scope, GError **error)
{
  for (guint i = 0; i < eqs_graph_get_n_nodes (scope->graph); i++)
    {
      const EqsNode   *node = eqs_graph_get_node (scope->graph, i);
      g_autofree char *path = g_strconcat (scope->path, eqs_node_get_id (node), NULL);

      if (!change_node (self, scope, node, path, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- width ---- */

static gint64
count (Twin *self, GError **error)
{
  g_autoptr (EqsCheck) check = eqs_check_new (self->twin, error);

  if (check == NULL)
    return -1;
  for (guint i = 0; check->program == NULL && i < check->problems->len; i++)
    {
      const EqsProblem *problem = g_ptr_array_index (check->problems, i);

      if (problem->blocks != EQK_BLOCKS_RUN)
        continue;
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("The design has no ordinary twin: at “%s”, %s (%s)"), problem->node == NULL ? "" : problem->node,
                   problem->message, problem->code);
      return -1;
    }
  return check->parameters;
}

static int
width_of (const Wide *wide, double factor)
{
  return MAX (1, (int) lround (wide->channels * factor));
}

static gint64
count_at (Twin *self, double factor, GError **error)
{
  for (guint i = 0; i < self->wide->len; i++)
    {
      const Wide      *wide = &g_array_index (self->wide, Wide, i);
      g_autofree char *text = g_strdup_printf ("%dx triv", width_of (wide, factor));
      g_autoptr (EqsValue) value = eqs_value_new_string (text);

      if (!eqs_document_set_param (self->twin, wide->id, "out", value, error))
        return -1;
    }
  return count (self, error);
}

static double
distance (gint64 n, gint64 wanted)
{
  return fabs ((double) n - (double) wanted) / (double) wanted;
}

/* Parameters grow with the factor: halve the interval, then take the nearest of what was seen. */
static gboolean
search (Twin *self, EqsTwinReport *report, GError **error)
{
  double low = 0, high = 1, best = 1;
  gint64 n = count_at (self, high, error), wanted = self->check->parameters, nearest = n;

  while (n >= 0 && n < wanted && high < 64 && self->wide->len > 0)
    {
      low = high;
      high *= 2;
      n = nearest = count_at (self, high, error);
      best = high;
    }
  for (int i = 0; n >= 0 && i < 24 && self->wide->len > 0; i++)
    {
      const double middle = (low + high) / 2;

      n = count_at (self, middle, error);
      if (n >= 0 && distance (n, wanted) < distance (nearest, wanted))
        {
          nearest = n;
          best = middle;
        }
      if (n < wanted)
        low = middle;
      else
        high = middle;
    }
  if (n < 0 || count_at (self, best, error) < 0)
    return FALSE;
  *report = (EqsTwinReport) { nearest, wanted, best };
  if (distance (nearest, wanted) <= 0.05)
    return TRUE;
  g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("No width gives the twin %" PRId64 " parameters within 5 %%; the nearest is %" PRId64 "."), wanted, nearest);
  return FALSE;
}

/* ---- the whole ---- */

/* Augmentation by "group" meant the design's; its name for people; what only the design's origin explains goes. */
static gboolean
finish (Twin *self, GError **error)
{
  const EqsMap    *training = eqs_document_get_section (self->original, EQS_SECTION_TRAINING);
  const char      *name = eqs_document_get_name (self->original);
  g_autofree char *title = g_strdup_printf (_("%s (ordinary twin)"), name);
  g_autoptr (EqsValue) group = eqs_value_new_string (eqs_document_get_group (self->original));

  /* What the twin never promised is measured all the same: that is the comparison. */
  if (!eqs_document_set_entry (self->twin, EQS_SECTION_TRAINING, "probe", group, error))
    return FALSE;
  if (strcmp (eqs_map_get_string (training, "augment", "none"), "group") == 0 && !eqs_document_set_entry (self->twin, EQS_SECTION_TRAINING, "augment", group, error))
    return FALSE;
  return eqs_document_set_name (self->twin, *name == '\0' ? _("Ordinary twin") : title, error) && eqs_document_set_field (self->twin, "template", NULL, error) &&
         eqs_document_set_section (self->twin, EQS_SECTION_PREVIEW, NULL, error) && eqs_document_set_symmetry (self->twin, "triv", -1, NULL, error);
}

static gboolean
make (Twin *self, EqsTwinReport *report, GError **error)
{
  const Scope scope = { NULL, NULL, eqs_document_get_graph (self->original, NULL), "" };

  self->check = eqs_check_new (self->original, error);
  if (self->check == NULL)
    return FALSE;
  if (self->check->program == NULL)
    {
      g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("The design cannot run; “equi check” says why. Only a design that runs has a twin."));
      return FALSE;
    }
  if (!change_graph (self, &scope, error))
    return FALSE;
  if (self->wide->len == 0)
    {
      g_set_error_literal (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_INVALID, _("There is no steerable convolution in the design: its ordinary twin would be itself."));
      return FALSE;
    }
  return finish (self, error) && search (self, report, error);
}

static void
clear_wide (gpointer wide)
{
  g_free (((Wide *) wide)->id);
}

EqsDocument *
eqs_twin_new (EqsDocument *document, EqsTwinReport *report, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), NULL);

  /* Layers are changed use by use: the width that comes in may differ. */
  g_autoptr (EqsDocument) original = eqs_document_dup (document);
  Twin          self = { original, NULL, NULL, NULL };
  EqsTwinReport unused;

  if (!eqs_document_detach_all (original, error))
    return NULL;
  self.twin = eqs_document_dup (original);
  self.wide = g_array_new (FALSE, FALSE, sizeof (Wide));
  g_array_set_clear_func (self.wide, clear_wide);
  if (!make (&self, report == NULL ? &unused : report, error))
    g_clear_object (&self.twin);
  g_array_unref (self.wide);
  g_clear_pointer (&self.check, eqs_check_unref);
  return self.twin;
}
