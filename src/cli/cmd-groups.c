/* equi groups: the symmetry groups that a design can have. */

#include "cli/cli.h"
#include "cli/commands.h"

#include "eqk/group.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdio.h>

static EqsMap *
describe (const EqkGroup *group)
{
  EqsMap *map = eqs_map_new ();

  eqs_cli_set_string (map, "id", eqk_group_get_id (group));
  eqs_cli_set_string (map, "name", _(eqk_group_get_title (group)));
  eqs_cli_set_string (map, "notation", eqk_group_get_notation (group));
  eqs_cli_set_bool (map, "finite", eqk_group_is_finite (group));
  eqs_cli_set_number (map, "order", eqk_group_is_finite (group) ? eqk_group_get_order (group) : NAN);
  eqs_cli_set_number (map, "space", eqk_group_get_space_dim (group));
  eqs_cli_set_bool (map, "abelian", eqk_group_is_abelian (group));
  eqs_cli_set_bool (map, "connected", eqk_group_is_connected (group));
  eqs_cli_set_bool (map, "compact", TRUE);   /* all point groups are closed subgroups of O(2), O(3) */
  eqs_cli_set_bool (map, "mirror", eqk_group_has_mirror (group));
  return map;
}

int
eqs_cmd_groups (int argc, char **argv)
{
  gboolean           json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON list"), NULL },
    { NULL }
  };
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);
  const char *const *ids;
  int                status, n;

  if (!eqs_cli_parse (entries, "groups", "", _("Symmetry groups that a design can have."), &argc, &argv, 0, 0, &status))
    return status;
  ids = eqk_group_catalogue (&n);
  if (!json)
    printf ("%-6s %-10s %6s  %s\n", _("id"), _("notation"), _("order"), _("name"));
  for (int i = 0; i < n; i++)
    {
      const EqkGroup  *group = eqk_group_get (ids[i]);
      g_autofree char *order = group != NULL && eqk_group_is_finite (group) ? g_strdup_printf ("%d", eqk_group_get_order (group)) : g_strdup ("∞");

      if (group == NULL)
        continue;
      if (json)
        g_ptr_array_add (items, eqs_value_new_object (describe (group)));
      else
        /* printf counts bytes, and the notation has subscripts. */
        printf ("%-6s %s%*s %*s%s  %s\n", eqk_group_get_id (group), eqk_group_get_notation (group),
                (int) MAX (10 - g_utf8_strlen (eqk_group_get_notation (group), -1), 0), "", (int) MAX (6 - g_utf8_strlen (order, -1), 0), "", order,
                _(eqk_group_get_title (group)));
    }
  if (json)
    eqs_cli_print_json_list (eqs_cli_list (items));
  return EQS_EXIT_OK;
}
