/* The field is read leniently and written whole. */

#include "model/bends.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static gboolean
is_of (const EqsMap *entry, const char *scope, const char *from, const char *to)
{
  return entry != NULL && strcmp (eqs_map_get_string (entry, "scope", ""), scope) == 0 && strcmp (eqs_map_get_string (entry, "from", ""), from) == 0 &&
         strcmp (eqs_map_get_string (entry, "to", ""), to) == 0;
}

guint
eqs_bends_get (EqsDocument *document, const char *scope, const char *from, const char *to, double points[EQS_MAX_BENDS][2])
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), 0);

  const EqsValue *all = eqs_document_get_field (document, "bends");
  guint           n = 0;

  for (guint i = 0; all != NULL && i < eqs_value_get_length (all); i++)
    {
      const EqsMap   *entry = eqs_value_get_map (eqs_value_get_item (all, i));
      const EqsValue *list = is_of (entry, scope, from, to) ? eqs_map_get (entry, "points") : NULL;

      for (guint k = 0; list != NULL && k < eqs_value_get_length (list) && n < EQS_MAX_BENDS; k++)
        {
          const EqsValue *point = eqs_value_get_item (list, k);

          if (!eqs_value_is_numbers (point) || eqs_value_get_length (point) != 2)
            continue;
          points[n][0] = eqs_value_get_number (eqs_value_get_item (point, 0));
          points[n][1] = eqs_value_get_number (eqs_value_get_item (point, 1));
          n++;
        }
    }
  return n;
}

typedef struct
{
  char  *scope, *from, *to;     /* owned */
  double points[EQS_MAX_BENDS][2];
  guint  n;
} Bends;

static void
bends_free (gpointer data)
{
  Bends *bends = data;

  g_free (bends->scope);
  g_free (bends->from);
  g_free (bends->to);
  g_free (bends);
}

static EqsValue *
entry_new (const Bends *bends)
{
  EqsMap *map = eqs_map_new ();
  g_autoptr (GPtrArray) points = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);

  for (guint i = 0; i < bends->n; i++)
    g_ptr_array_add (points, eqs_value_new_numbers (bends->points[i], 2));
  eqs_map_set (map, "scope", eqs_value_new_string (bends->scope));
  eqs_map_set (map, "from", eqs_value_new_string (bends->from));
  eqs_map_set (map, "to", eqs_value_new_string (bends->to));
  eqs_map_set (map, "points", eqs_value_new_list ((EqsValue *const *) points->pdata, points->len));
  return eqs_value_new_object (map);
}

/* Entries of wires that are gone go with it. */
static gboolean
is_alive (EqsDocument *document, const EqsMap *entry)
{
  EqsGraph *graph = entry == NULL ? NULL : eqs_document_get_graph (document, eqs_map_get_string (entry, "scope", ""));
  g_auto (GStrv) from = entry == NULL ? NULL : g_strsplit (eqs_map_get_string (entry, "from", ""), ".", 2);
  g_auto (GStrv) to = entry == NULL ? NULL : g_strsplit (eqs_map_get_string (entry, "to", ""), ".", 2);

  return graph != NULL && g_strv_length (from) == 2 && g_strv_length (to) == 2 && eqs_graph_find_link (graph, from[0], from[1], to[0], to[1]) >= 0;
}

static gboolean
set_cb (EqsDocument *document, gpointer data, GError **error)
{
  const Bends    *bends = data;
  const EqsValue *all = eqs_document_get_field (document, "bends");
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);
  g_autoptr (EqsValue)  list = NULL;

  for (guint i = 0; all != NULL && i < eqs_value_get_length (all); i++)
    {
      EqsValue *entry = eqs_value_get_item (all, i);

      if (is_alive (document, eqs_value_get_map (entry)) && !is_of (eqs_value_get_map (entry), bends->scope, bends->from, bends->to))
        g_ptr_array_add (entries, eqs_value_ref (entry));
    }
  if (bends->n > 0)
    g_ptr_array_add (entries, entry_new (bends));
  list = entries->len == 0 ? NULL : eqs_value_new_list ((EqsValue *const *) entries->pdata, entries->len);
  return eqs_document_set_field (document, "bends", list, error);
}

EqsCommand *
eqs_command_new_bends (const char *scope, const char *from, const char *to, const double points[][2], guint n)
{
  Bends           *bends = g_new0 (Bends, 1);
  EqsCommand      *command;
  g_autofree char *key = g_strjoin ("\n", "bends", scope, from, to, NULL);

  bends->scope = g_strdup (scope);
  bends->from = g_strdup (from);
  bends->to = g_strdup (to);
  bends->n = MIN (n, EQS_MAX_BENDS);
  if (bends->n > 0)
    memcpy (bends->points, points, sizeof (double[2]) * bends->n);
  command = eqs_command_new (n == 0 ? _("Straighten a wire") : _("Lead a wire"), set_cb, bends, bends_free);
  eqs_command_set_absorb_key (command, key);
  return command;
}
