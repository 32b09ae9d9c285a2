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

/* Designs of before said two things of a column, each in a map of its own. */
static void
read_old_entries (GPtrArray *list, const EqsMap *entries, gboolean units)
{
  for (guint i = 0; entries != NULL && i < eqs_map_get_size (entries); i++)
    {
      const char *text = eqs_value_get_string (eqs_map_get_value (entries, i));
      EqsMeaning *one = text == NULL ? NULL : eqs_meanings_get (list, eqs_map_get_key (entries, i));

      if (one != NULL)
        *(units ? &one->unit : &one->field) = g_strdup (text);
    }
}

/* What the design notes of its data's columns: of EqsMeaning. */
static gboolean
read_noted (GPtrArray *list, const EqsMap *bound, GError **error)
{
  if (bound != NULL && eqs_map_get (bound, "map") != NULL)
    /* Translators: where something is said, in a message such as “data of the design”: “energy” in “map” must be an object. */
    return eqs_meanings_read (list, object_of (bound, "map"), _("data of the design"), error);
  read_old_entries (list, object_of (bound, "columns"), FALSE);
  read_old_entries (list, object_of (bound, "units"), TRUE);
  return TRUE;
}

static gboolean
say_bound (EqsDataset *dataset, const EqsMap *bound, GError **error)
{
  g_autoptr (GPtrArray) list = eqs_meanings_new ();

  return read_noted (list, bound, error) && (list->len == 0 || eqs_dataset_say (dataset, list, error));
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
  if (bound != NULL && is_bound_one (document, bound, dataset) && !say_bound (dataset, bound, error))
    return NULL;
  return g_steal_pointer (&dataset);
}

/* ---- noting it in the design ---- */

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

/* What is said of a column and was not noted before. */
static void
tell_meaning (const EqsMeaning *one, const EqsMeaning *was, GPtrArray *changes)
{
  static const char *const roles[] = { N_("“%s” goes in."), N_("“%s” is to be told."), N_("“%s” is left out.") };

  if (one->field != NULL && g_strcmp0 (was->field, one->field) != 0)
    g_ptr_array_add (changes, g_strdup_printf (_("“%s” is read from the property “%s” of the files."), one->name, one->field));
  if (one->convention != NULL && g_strcmp0 (was->convention, one->convention) != 0)
    /* Translators: a quantity such as dipole, words such as yzx */
    g_ptr_array_add (changes, g_strdup_printf (_("“%s” is read by the convention “%s” of the files."), one->name, one->convention));
  if (one->has_role && (!was->has_role || was->role != one->role))
    g_ptr_array_add (changes, g_strdup_printf (_(roles[one->role]), one->name));
}

static void
tell_conversion (EqsDataset *dataset, const char *name, GPtrArray *changes)
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

/* An entry of the data section; nothing where it is there already. @param value (transfer full) (nullable) */
static gboolean
note (EqsDocument *document, const char *key, EqsValue *value, GPtrArray *edits, GError **error)
{
  EqsValue             *have = eqs_map_get (eqs_document_get_section (document, EQS_SECTION_DATA), key);
  g_autoptr (EqsValue)  own = value;
  g_autoptr (GPtrArray) one = NULL;

  if (own == NULL ? have == NULL : eqs_value_equal (have, own))
    return TRUE;
  one = eqs_edits_new ();
  g_ptr_array_add (edits, eqs_edit_new_set_entry (EQS_SECTION_DATA, key, own == NULL ? NULL : eqs_value_ref (own)));
  g_ptr_array_add (one, eqs_edit_copy (g_ptr_array_index (edits, edits->len - 1)));
  return eqs_edits_apply (one, document, error);
}

/* (transfer full) NULL where nothing is to be written */
static EqsValue *
value_of (EqsMap *map)
{
  g_autoptr (EqsValue) value = eqs_value_new_object (map);

  return eqs_map_get_size (map) == 0 ? NULL : g_steal_pointer (&value);
}

gboolean
eqs_bound_data_note (EqsDocument *document, EqsDataset *dataset, GPtrArray *edits, GPtrArray *changes, GError **error)
{
  g_return_val_if_fail (EQS_IS_DOCUMENT (document), FALSE);

  const EqsMap         *bound = eqs_document_get_section (document, EQS_SECTION_DATA), *converted = object_of (bound, "converted");
  const GPtrArray      *said = eqs_dataset_get_said (dataset);
  g_autoptr (GPtrArray) noted = eqs_meanings_new ();
  EqsMap               *factors = conversions (dataset);
  g_autoptr (EqsValue)  converts = NULL;

  read_noted (noted, bound, NULL);
  for (guint i = 0; i < said->len; i++)
    {
      const EqsMeaning *one = g_ptr_array_index (said, i);

      tell_meaning (one, eqs_meanings_get (noted, one->name), changes);
    }
  for (guint i = 0; i < eqs_map_get_size (factors); i++)
    {
      const char *name = eqs_map_get_key (factors, i);

      if (converted == NULL || g_strcmp0 (eqs_map_get_string (converted, name, NULL), eqs_value_get_string (eqs_map_get_value (factors, i))) != 0)
        tell_conversion (dataset, name, changes);
    }
  converts = value_of (factors);
  return note (document, "map", value_of (eqs_meanings_to_map (said)), edits, error) && note (document, "columns", NULL, edits, error) &&
         note (document, "units", NULL, edits, error) && note (document, "converted", converts == NULL ? NULL : eqs_value_ref (converts), edits, error);
}
