/* Which property of a file a column is, and in what unit: what a person says of data that are called otherwise. */

#include "data/dataset-private.h"
#include "data/error.h"
#include "data/units.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MATRIX "xx xy xz yx yy yz zx zy zz"

gboolean
eqs_column_spec_take_quantity (EqsColumnSpec *self, gsize width)
{
  static const struct { const char *name; gsize width; EqsRole role; const char *representation, *unit, *task, *convention; } known[] = {
    { "energy", 1, EQS_ROLE_TARGET, "1x0e", NULL, "regression" }, { "forces", 3, EQS_ROLE_TARGET, "1x1o", NULL, "forces" },
    { "stress", 9, EQS_ROLE_TARGET, NULL, NULL, "forces" }, { "stress", 6, EQS_ROLE_TARGET, NULL, NULL, "forces" }, { "cell", 9, EQS_ROLE_INPUT, "3x1o", "Å", NULL },
    { "dipole", 3, EQS_ROLE_TARGET, "1x1o", NULL, "regression" }, { "dipole_debye", 3, EQS_ROLE_TARGET, "1x1o", "D", "regression" },
    { "polarizability", 9, EQS_ROLE_TARGET, "1x0e + 1x2e", NULL, "regression", MATRIX }, { "polarisability", 9, EQS_ROLE_TARGET, "1x0e + 1x2e", NULL, "regression", MATRIX },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (known[i].name, self->name) && (width == 0 || width == known[i].width))
      {
        self->role = known[i].role;
        g_free (self->representation);
        self->representation = g_strdup (known[i].representation);
        g_free (self->task);
        self->task = g_strdup (known[i].task);
        if (known[i].convention != NULL && self->convention == NULL)
          self->convention = g_strdup (known[i].convention);
        if (self->unit == NULL)
          self->unit = g_strdup (known[i].unit);
        return TRUE;
      }
  return FALSE;
}

/* Molecules alone: elsewhere a length is whatever the design's own settings mean by it. */
const char *
eqs_column_spec_get_unit (const EqsColumnSpec *self, const EqsDatasetSpec *spec, double *factor)
{
  *factor = 1;
  if (self->unit == NULL || g_strcmp0 (spec->domain, "molecule") != 0 || (self->values != EQS_VALUES_FEATURE && self->values != EQS_VALUES_POSITION))
    return self->unit;
  return eqs_unit_convert (self->unit, factor);
}

static EqsColumnSpec *
find_column (EqsDatasetSpec *self, const char *name)
{
  for (guint i = 0; i < self->columns->len; i++)
    if (g_str_equal (((EqsColumnSpec *) self->columns->pdata[i])->name, name))
      return self->columns->pdata[i];
  return NULL;
}

static gboolean
reads (const EqsColumnSpec *column, const char *field)
{
  return column->fields == NULL ? g_str_equal (column->name, field) : column->fields[1] == NULL && g_str_equal (column->fields[0], field);
}

static void
list_names (EqsDatasetSpec *self, GString *names)
{
  for (guint i = 0; i < self->columns->len; i++)
    {
      const EqsColumnSpec *column = self->columns->pdata[i];

      g_string_append_printf (names, "%s%s", i == 0 ? "" : ", ", column->fields != NULL ? column->fields[0] : column->name);
    }
}

gboolean
eqs_dataset_spec_set_field (EqsDatasetSpec *self, const char *path, const char *name, const char *field, GError **error)
{
  EqsColumnSpec *column = NULL, *other;

  for (guint i = 0; i < self->columns->len && column == NULL; i++)
    if (reads (self->columns->pdata[i], field))
      column = self->columns->pdata[i];
  if (column == NULL || *name == '\0' || strchr (name, '/') != NULL)
    {
      g_autoptr (GString) names = g_string_new (NULL);
      g_autofree char    *shown = g_filename_display_name (path);

      list_names (self, names);
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING,
                   /* Translators: a folder, what was asked for, a list of names */
                   _("“%s” has no property “%s”; it has: %s."), shown, field, names->str);
      return FALSE;
    }
  other = find_column (self, name);
  if (other != NULL && other != column)        /* nothing is dropped: it stays there to be chosen again */
    {
      g_autofree char *aside = g_strconcat (name, "_in_file", NULL);

      if (find_column (self, aside) != NULL)
        g_ptr_array_remove (self->columns, other);
      else
        {
          if (other->fields == NULL)
            {
              other->fields = g_new0 (char *, 2);
              other->fields[0] = g_strdup (name);
            }
          g_free (other->name);
          other->name = g_steal_pointer (&aside);
          other->role = EQS_ROLE_EXTRA;
        }
    }
  if (column->fields == NULL)
    {
      column->fields = g_new0 (char *, 2);
      column->fields[0] = g_strdup (column->name);
    }
  g_free (column->name);
  column->name = g_strdup (name);
  column->is_renamed = TRUE;
  if (!eqs_column_spec_take_quantity (column, 0) && column->role == EQS_ROLE_EXTRA)
    column->role = EQS_ROLE_TARGET;
  return TRUE;
}

gboolean
eqs_dataset_spec_set_unit (EqsDatasetSpec *self, const char *name, const char *unit, GError **error)
{
  EqsColumnSpec *column = find_column (self, name);
  const char    *inside = eqs_unit_of_quantity (name);
  EqsUnit        given, wanted;

  if (column == NULL)
    {
      g_autoptr (GString) names = g_string_new (NULL);

      for (guint i = 0; i < self->columns->len; i++)
        g_string_append_printf (names, "%s%s", i == 0 ? "" : ", ", ((EqsColumnSpec *) self->columns->pdata[i])->name);
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING, _("The data have no column “%s”; they have: %s."), name, names->str);
      return FALSE;
    }
  if (!eqs_unit_parse (unit, &given))
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT,
                   _("“%s” is no unit that is known; write eV, kcal/mol, kJ/mol, Hartree, Å, bohr, eV/Å, Hartree/bohr, GPa, D … or 1 for a plain number."), unit);
      return FALSE;
    }
  if (inside != NULL && eqs_unit_parse (inside, &wanted) && !eqs_unit_is_alike (&given, &wanted))
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT,
                   /* Translators: a quantity, a unit, a unit of the right kind */
                   _("“%s” cannot be in %s: it is measured in units like %s."), name, unit, inside);
      return FALSE;
    }
  g_free (column->unit);
  column->unit = g_strdup (unit);
  column->is_stated = TRUE;
  return TRUE;
}
