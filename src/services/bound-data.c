/* Opening what a design names, the way it says it is to be read. */

#include "services/bound-data.h"

#include "data/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

const char *
eqs_bound_data_get_name (const EqsDocument *document)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT ((gpointer) document), NULL);

  const EqsMap *bound = eqs_document_get_section ((EqsDocument *) document, EQS_SECTION_DATA);

  return eqs_map_get_string (bound, "path", eqs_map_get_string (bound, "name", NULL));
}

static gboolean
apply_entries (EqsDataset *dataset, const EqsMap *entries, gboolean units, GError **error)
{
  for (guint i = 0; entries != NULL && i < eqs_map_get_size (entries); i++)
    {
      const char *key = eqs_map_get_key (entries, i), *text = eqs_value_get_string (eqs_map_get_value (entries, i));

      if (text != NULL && !(units ? eqs_dataset_set_unit : eqs_dataset_set_field) (dataset, key, text, error))
        return FALSE;
    }
  return TRUE;
}

static const EqsMap *
object_of (const EqsMap *map, const char *key)
{
  EqsValue *value = map == NULL ? NULL : eqs_map_get (map, key);

  return value == NULL ? NULL : eqs_value_get_map (value);
}

static gboolean
is_bound_one (const EqsDocument *document, const EqsMap *bound, EqsDataset *dataset)
{
  const char *path = eqs_map_get_string (bound, "path", NULL), *name = eqs_map_get_string (bound, "name", NULL);

  return path != NULL ? strcmp (path, eqs_dataset_get_path (dataset)) == 0 : g_strcmp0 (name, eqs_dataset_get_name (dataset)) == 0;
}

EqsDataset *
eqs_bound_data_open (const EqsDocument *document, const char *data, GError **error)
{
  const EqsMap          *bound = eqs_document_get_section ((EqsDocument *) document, EQS_SECTION_DATA);
  const char            *which = data != NULL ? data : eqs_bound_data_get_name (document);
  g_autoptr (EqsDataset) dataset = NULL;

  g_return_val_if_fail (which != NULL, NULL);

  dataset = eqs_dataset_open (which, error);
  if (dataset == NULL)
    return NULL;
  if (bound != NULL && is_bound_one (document, bound, dataset) &&
      (!apply_entries (dataset, object_of (bound, "columns"), FALSE, error) || !apply_entries (dataset, object_of (bound, "units"), TRUE, error)))
    return NULL;
  return g_steal_pointer (&dataset);
}

static gboolean
state_all (EqsDataset *dataset, const char *const *texts, gboolean units, GError **error)
{
  for (; texts != NULL && *texts != NULL; texts++)
    {
      const char      *equals = strchr (*texts, '=');
      g_autofree char *name = equals == NULL ? NULL : g_strndup (*texts, (gsize) (equals - *texts));

      if (name == NULL || *name == '\0' || equals[1] == '\0')
        {
          g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT, units ? _("“%s” is no NAME=UNIT, such as energy=kcal/mol.") : _("“%s” is no NAME=PROPERTY, such as energy=E_dft."),
                       *texts);
          return FALSE;
        }
      if (!(units ? eqs_dataset_set_unit : eqs_dataset_set_field) (dataset, name, equals + 1, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
eqs_bound_data_state (EqsDataset *dataset, const char *const *columns, const char *const *units, GError **error)
{
  g_return_val_if_fail (EQS_IS_DATASET (dataset), FALSE);
  return state_all (dataset, columns, FALSE, error) && state_all (dataset, units, TRUE, error);
}

/* ---- noting it in the design ---- */

/* What the design says of the data's columns, as they are read now. */
static EqsMap *
statements (EqsDataset *dataset, gboolean units)
{
  EqsMap *map = eqs_map_new ();

  for (guint i = 0; i < eqs_dataset_get_n_columns (dataset); i++)
    {
      const EqsColumnInfo column = eqs_dataset_get_column (dataset, i);

      if (units ? column.is_unit_given : column.is_field_given)
        eqs_map_set (map, column.name, eqs_value_new_string (units ? column.stated_unit : column.field));
    }
  return map;
}

static EqsMap *
conversions (EqsDataset *dataset)
{
  EqsMap *map = eqs_map_new ();

  for (guint i = 0; i < eqs_dataset_get_n_columns (dataset); i++)
    {
      const EqsColumnInfo column = eqs_dataset_get_column (dataset, i);
      g_autofree char    *text = column.factor == 1 ? NULL : g_strdup_printf ("%s → %s", column.stated_unit, column.unit);

      if (text != NULL && column.role != EQS_ROLE_EXTRA)
        eqs_map_set (map, column.name, eqs_value_new_string (text));
    }
  return map;
}

/* An entry of the data section, told of where it says something new. @param map (transfer full) */
static gboolean
note_map (EqsDocument *document, EqsDataset *dataset, const char *key, EqsMap *map, GPtrArray *edits, GPtrArray *changes, GError **error)
{
  EqsValue     *have = eqs_map_get (eqs_document_get_section (document, EQS_SECTION_DATA), key);
  const EqsMap *old = have == NULL ? NULL : eqs_value_get_map (have);
  const guint   n = eqs_map_get_size (map);
  g_autoptr (EqsValue)  value = eqs_value_new_object (map);
  g_autoptr (GPtrArray) one = eqs_edits_new ();

  if (n == 0 ? have == NULL : eqs_value_equal (have, value))
    return TRUE;
  for (guint i = 0; i < n; i++)
    {
      const char *name = eqs_map_get_key (map, i), *text = eqs_value_get_string (eqs_map_get_value (map, i));

      if (g_strcmp0 (eqs_map_get_string (old, name, NULL), text) == 0)
        continue;
      if (strcmp (key, "columns") == 0)
        g_ptr_array_add (changes, g_strdup_printf (_("“%s” is read from the property “%s” of the files."), name, text));
      else if (strcmp (key, "converted") == 0)
        {
          for (guint c = 0; c < eqs_dataset_get_n_columns (dataset); c++)
            {
              const EqsColumnInfo column = eqs_dataset_get_column (dataset, c);

              if (strcmp (column.name, name) == 0)
                /* Translators: a quantity, a unit, a unit, the first unit, a number, the second unit */
                g_ptr_array_add (changes, g_strdup_printf (_("“%s” is in %s and is converted to %s (1 %s = %.9g %s)."), name, column.stated_unit, column.unit,
                                                           column.stated_unit, column.factor, column.unit));
            }
        }
    }
  g_ptr_array_add (edits, eqs_edit_new_set_entry (EQS_SECTION_DATA, key, n == 0 ? NULL : eqs_value_ref (value)));
  g_ptr_array_add (one, eqs_edit_copy (g_ptr_array_index (edits, edits->len - 1)));
  return eqs_edits_apply (one, document, error);
}

gboolean
eqs_bound_data_note (EqsDocument *document, EqsDataset *dataset, GPtrArray *edits, GPtrArray *changes, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), FALSE);
  return note_map (document, dataset, "columns", statements (dataset, FALSE), edits, changes, error) &&
         note_map (document, dataset, "units", statements (dataset, TRUE), edits, changes, error) &&
         note_map (document, dataset, "converted", conversions (dataset), edits, changes, error);
}
