/* equi groups: the symmetry groups that a design can have. */

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/run.h"

#include "model/compile.h"

#include "eqk/group.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdio.h>

static gboolean
read_symmetry (const char *id, EqkSymmetry *symmetry)
{
  g_autoptr (EqsDocument) document = eqs_document_new ();

  return eqs_document_set_symmetry (document, id, -1, NULL, NULL) && eqs_compile_symmetry (document, symmetry, NULL);
}

static char *
dup_title (const EqkSymmetry *symmetry)
{
  g_autofree char *title = eqs_symmetry_dup_title (symmetry);

  return symmetry->translations && eqk_group_get_space_dim (symmetry->group) > 0 ? g_strdup_printf (_("%s, and shifts"), title) : g_steal_pointer (&title);
}

static EqsMap *
describe (const char *id, const EqkSymmetry *symmetry, const char *title, const char *notation)
{
  static const char *const orders[] = { "none", "set", "graph" };
  const EqkGroup *group = symmetry->group;
  EqsMap         *map = eqs_map_new ();
  const gboolean  moves = symmetry->translations && eqk_group_get_space_dim (group) > 0, alone = !moves && symmetry->permutations == EQK_PERMUTE_NONE;

  eqs_cli_set_string (map, "id", id);
  eqs_cli_set_string (map, "name", title);
  eqs_cli_set_string (map, "notation", notation);
  eqs_cli_set_bool (map, "finite", eqk_group_is_finite (group) && !moves);
  eqs_cli_set_number (map, "order", eqk_group_is_finite (group) && alone ? eqk_group_get_order (group) : NAN);
  eqs_cli_set_number (map, "space", symmetry->permutations != EQK_PERMUTE_NONE && eqk_group_get_order (group) == 1 ? 0 : eqk_group_get_space_dim (group));
  eqs_cli_set_bool (map, "abelian", eqk_group_is_abelian (group) && alone);
  eqs_cli_set_bool (map, "connected", eqk_group_is_connected (group) && symmetry->permutations == EQK_PERMUTE_NONE);
  eqs_cli_set_bool (map, "compact", !moves);
  eqs_cli_set_bool (map, "mirror", eqk_group_has_mirror (group));
  eqs_cli_set_bool (map, "translations", moves);
  eqs_cli_set_string (map, "permutations", orders[symmetry->permutations]);
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
  g_auto (GStrv) ids = NULL;
  int status;

  if (!eqs_cli_parse (entries, "groups", "", _("Symmetry groups that a design can have."), &argc, &argv, 0, 0, &status))
    return status;
  ids = eqs_compile_list_groups ();
  if (!json)
    printf ("%-7s %-12s %6s  %s\n", _("id"), _("notation"), _("order"), _("name"));
  for (guint i = 0; ids[i] != NULL; i++)
    {
      EqkSymmetry      symmetry;
      g_autofree char *notation = NULL, *title = NULL, *order = NULL, *padded = NULL;

      if (!read_symmetry (ids[i], &symmetry))
        continue;
      notation = eqs_symmetry_dup_notation (&symmetry);
      title = dup_title (&symmetry);
      if (json)
        {
          g_ptr_array_add (items, eqs_value_new_object (describe (ids[i], &symmetry, title, notation)));
          continue;
        }
      order = symmetry.permutations != EQK_PERMUTE_NONE ? g_strdup ("n!") : NULL;
      if (order == NULL || eqk_group_get_order (symmetry.group) != 1)
        {
          g_free (order);
          order = eqk_group_is_finite (symmetry.group) && !symmetry.translations ? g_strdup_printf ("%d", eqk_group_get_order (symmetry.group)) : g_strdup ("∞");
        }
      padded = eqs_cli_pad (notation, 12);
      printf ("%-7s %s %*s%s  %s\n", ids[i], padded, (int) MAX (6 - g_utf8_strlen (order, -1), 0), "", order, title);
    }
  if (json)
    eqs_cli_print_json_list (eqs_cli_list (items));
  return EQS_EXIT_OK;
}
