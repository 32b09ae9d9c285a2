/* Subgroups as rows: a press keeps one. What comes in decides which irreps the rule is told for. */

#include "widgets/inspector/subgroups.h"

#include "draw/number-text.h"
#include "widgets/parts.h"

#include <eqk/layer.h>
#include <eqk/rep.h>
#include <glib/gi18n-lib.h>
#include <string.h>

enum { MOST_RULES = 8, MOST_FREQUENCY = 2, LARGEST_N = 16 };

static void
add_if_subgroup (GPtrArray *ids, const EqkGroup *group, const char *id)
{
  const EqkGroup *sub = eqk_group_get (id);

  if (sub == NULL || sub == group || !eqk_group_contains (group, sub))
    return;
  for (guint i = 0; i < ids->len; i++)
    if (strcmp (ids->pdata[i], eqk_group_get_id (sub)) == 0)
      return;
  g_ptr_array_add (ids, g_strdup (eqk_group_get_id (sub)));
}

GPtrArray *
eqs_subgroups_list (const EqkGroup *group)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  const int  steps = eqk_group_is_finite (group) ? eqk_group_get_n (group) : 0;

  add_if_subgroup (ids, group, "SO3");
  add_if_subgroup (ids, group, "SO2");
  for (int n = LARGEST_N; n >= 1; n--)
    {
      /* An even number of steps between two axes: mirrors through steps and between them are no turn of each other. */
      const int classes = steps > 0 && steps % n == 0 && steps / n % 2 == 0 ? 2 : 1;

      for (int k = 0; k < classes; k++)
        {
          const double     axis = eqk_group_get_axis_deg (group) + (k == 0 ? 0 : 180.0 / steps);
          char             degrees[G_ASCII_DTOSTR_BUF_SIZE];
          g_autofree char *id = axis == 0 ? g_strdup_printf ("D%d", n) : g_strdup_printf ("D%d@axis=%s", n, g_ascii_dtostr (degrees, sizeof degrees, axis));

          add_if_subgroup (ids, group, id);
        }
      if (n > 1)
        {
          g_autofree char *id = g_strdup_printf ("C%d", n);

          add_if_subgroup (ids, group, id);
        }
    }
  add_if_subgroup (ids, group, "triv");
  return ids;
}

char *
eqs_subgroups_dup_branching (const EqkField *irrep, const EqkGroup *sub)
{
  const EqkField *restricted = eqk_field_restrict (irrep, sub);
  GString        *text;

  if (restricted == NULL)
    return NULL;
  text = g_string_new (eqk_field_get_name (irrep));
  g_string_append (text, " → ");
  for (int i = 0; i < eqk_field_n_irreps (restricted); i++)
    {
      const EqkField *part = eqk_field_irrep (restricted, i);
      int             times = 0;
      gboolean        told = FALSE;

      for (int k = 0; k < eqk_field_n_irreps (restricted); k++)
        {
          told = told || (k < i && eqk_field_irrep (restricted, k) == part);
          times += eqk_field_irrep (restricted, k) == part;
        }
      if (told)
        continue;
      g_string_append (text, i == 0 ? "" : " + ");
      if (times > 1)
        g_string_append_printf (text, "%d ", times);
      g_string_append (text, eqk_field_get_name (part));
    }
  return g_string_free (text, FALSE);
}

/* ---- what comes in ---- */

static const EqkPortType *
type_before (EqsSession *session, const char *path)
{
  const char      *slash = strrchr (path, '/');
  g_autofree char *scope = slash == NULL ? g_strdup ("") : g_strndup (path, (gsize) (slash - path));
  EqsGraph        *graph = eqs_document_get_graph (eqs_session_get_document (session), scope);
  const char      *id = slash == NULL ? path : slash + 1;

  for (guint i = 0; graph != NULL && i < eqs_graph_get_n_links (graph); i++)
    {
      const EqsLink   *link = eqs_graph_get_link (graph, i);
      g_autofree char *from = slash == NULL ? g_strdup (link->from_node) : g_strconcat (scope, "/", link->from_node, NULL);

      if (strcmp (link->to_node, id) == 0 && link->from_node[0] != '\0')
        return eqs_session_get_type_at (session, from, link->from_port);
    }
  return NULL;
}

/* Irreps in what comes in, each once; without that the first of the group. */
static GPtrArray *
irreps_before (const EqkGroup *group, const EqkPortType *type)
{
  GPtrArray *irreps = g_ptr_array_new ();

  for (int r = 0; type != NULL && r < eqk_rep_n_runs (type->rep); r++)
    {
      const EqkField *field = eqk_rep_run (type->rep, r).field;

      for (int i = 0; i < eqk_field_n_irreps (field); i++)
        if (!g_ptr_array_find (irreps, eqk_field_irrep (field, i), NULL))
          g_ptr_array_add (irreps, (gpointer) eqk_field_irrep (field, i));
    }
  for (int i = 0; type == NULL && i < eqk_group_n_irreps (group, MOST_FREQUENCY); i++)
    g_ptr_array_add (irreps, (gpointer) eqk_group_irrep (group, i));
  return irreps;
}

/* ---- rows ---- */

static char *
dup_rules (GPtrArray *irreps, const EqkGroup *sub)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < MIN (irreps->len, MOST_RULES); i++)
    {
      g_autofree char *rule = eqs_subgroups_dup_branching (irreps->pdata[i], sub);

      if (rule != NULL)
        g_string_append_printf (text, "%s%s", text->len == 0 ? "" : ",  ", rule);
    }
  if (irreps->len > MOST_RULES)
    g_string_append (text, ", …");
  return g_string_free (text, FALSE);
}

static void
keep_cb (GtkButton *button, EqsSession *session)
{
  eqs_session_do (session, eqs_command_new_set_param (g_object_get_data (G_OBJECT (button), "path"), g_object_get_data (G_OBJECT (button), "setting"),
                                                      eqs_value_new_string (g_object_get_data (G_OBJECT (button), "group"))));
}

static void
append_row (GtkWidget *list, EqsSession *session, const char *path, const char *setting, const EqkGroup *sub, GPtrArray *irreps, gboolean chosen)
{
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8), *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2), *end;
  g_autofree char *rules = dup_rules (irreps, sub), *name = g_strdup_printf ("%s · %s", eqk_group_get_notation (sub), _(eqk_group_get_title (sub))), *title;
  g_autofree char *axis = eqs_number_dup_text (eqk_group_get_axis_deg (sub), 3);

  /* Translators: a group and what it does, and the direction of its mirror in degrees. */
  title = eqk_group_get_axis_deg (sub) == 0 ? g_strdup (name) : g_strdup_printf (_("%s, axis at %s°"), name, axis);

  gtk_box_append (GTK_BOX (texts), eqs_text_new (title, NULL));
  gtk_box_append (GTK_BOX (texts), eqs_text_new (rules, "eq-caption"));
  gtk_widget_set_hexpand (texts, TRUE);
  if (chosen)
    end = eqs_pill_new (_("kept"), "eq-good");
  else
    {
      /* Translators: a smaller group, whose symmetry is kept. */
      g_autofree char *keep = g_strdup_printf (_("Keep %s"), title);

      end = gtk_button_new_with_label (_("Keep"));
      eqs_set_name (end, keep);
      g_object_set_data_full (G_OBJECT (end), "path", g_strdup (path), g_free);
      g_object_set_data_full (G_OBJECT (end), "setting", g_strdup (setting), g_free);
      g_object_set_data (G_OBJECT (end), "group", (gpointer) eqk_group_get_id (sub));      /* groups live on */
      g_signal_connect_object (end, "clicked", G_CALLBACK (keep_cb), session, 0);
    }
  gtk_widget_set_valign (end, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_box_append (GTK_BOX (box), end);
  eqs_row_append_plain (list, box, title);
}

static const char *
group_setting (const EqkLayerType *layer)
{
  for (const EqkParam *p = layer == NULL ? NULL : layer->params; p != NULL && p->name != NULL; p++)
    if (p->kind == EQK_PARAM_GROUP)
      return p->name;
  return NULL;
}

GtkWidget *
eqs_subgroups_new (EqsSession *session, const char *path)
{
  g_return_val_if_fail (EQS_IS_SESSION (session), NULL);

  EqsNode           *node = eqs_document_find_node (eqs_session_get_document (session), path);
  const char        *setting = node == NULL ? NULL : group_setting (eqk_layer_find (eqs_node_get_layer (node)));
  const EqkPortType *type = setting == NULL ? NULL : type_before (session, path);
  const EqsValue    *own = setting == NULL ? NULL : eqs_node_get_param (node, setting);
  const EqkGroup    *now = own == NULL || eqs_value_get_string (own) == NULL ? NULL : eqk_group_get (eqs_value_get_string (own));
  EqkSymmetry        symmetry;
  const EqkGroup    *group;
  GtkWidget         *box, *list;
  g_autoptr (GPtrArray) ids = NULL, irreps = NULL;
  g_autofree char   *title = NULL;

  if (setting == NULL || (type == NULL && !eqs_session_get_symmetry (session, &symmetry)))
    return NULL;
  group = type != NULL ? type->symmetry.group : symmetry.group;
  ids = eqs_subgroups_list (group);
  if (ids->len == 0)
    return NULL;
  irreps = irreps_before (group, type);
  /* Translators: a group such as D₄. */
  title = g_strdup_printf (_("Subgroups of %s, and what becomes of the patterns"), eqk_group_get_notation (group));
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_append (GTK_BOX (box), eqs_heading_new (title));
  list = eqs_boxed_list_new (_("Subgroups"));
  for (guint i = 0; i < ids->len; i++)
    append_row (list, session, path, setting, eqk_group_get (ids->pdata[i]), irreps, eqk_group_get (ids->pdata[i]) == now);
  gtk_box_append (GTK_BOX (box), list);
  return box;
}
