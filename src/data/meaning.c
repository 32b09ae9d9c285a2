/* One table of what can be said of a column, the two notations of it (JSON and NAME=TEXT), and what it does to a description. */

#include "data/meaning.h"

#include "data/dataset-private.h"
#include "data/error.h"
#include "data/tables.h"
#include "data/units.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#define MOST_LISTED 24

/* Texts of the form, and what the command line takes one for. */
static const struct { const char *key, *wrong; gsize at; } texts[] = {
  [EQS_SAY_FIELD]      = { "field",      N_("“%s” is no NAME=PROPERTY, such as energy=E_dft."),  offsetof (EqsMeaning, field) },
  [EQS_SAY_UNIT]       = { "unit",       N_("“%s” is no NAME=UNIT, such as energy=kcal/mol."),   offsetof (EqsMeaning, unit) },
  [EQS_SAY_ROLE]       = { NULL,         N_("“%s” is no NAME=ROLE, such as kind=class."),        0 },
  [EQS_SAY_CONVENTION] = { "convention", N_("“%s” is no NAME=CONVENTION, such as dipole=yzx."),  offsetof (EqsMeaning, convention) },
};

static const char *const roles[] = { [EQS_ROLE_INPUT] = "input", [EQS_ROLE_TARGET] = "target", [EQS_ROLE_EXTRA] = "extra" };

static const struct { const char *word; EqsRole role; gboolean has_values; EqsValues values; } uses[] = {
  { "input", EQS_ROLE_INPUT, FALSE, 0 },                      { "class", EQS_ROLE_TARGET, TRUE, EQS_VALUES_LABEL },
  { "number", EQS_ROLE_TARGET, TRUE, EQS_VALUES_FEATURE },    { "extra", EQS_ROLE_EXTRA, FALSE, 0 },
};

static char **
text_of (EqsMeaning *self, EqsSaying saying)
{
  return (char **) (gpointer) ((char *) self + texts[saying].at);
}

EqsMeaning *
eqs_meaning_new (const char *name)
{
  EqsMeaning *self = g_new0 (EqsMeaning, 1);

  self->name = g_strdup (name);
  return self;
}

EqsMeaning *
eqs_meaning_copy (const EqsMeaning *self)
{
  EqsMeaning *copy = g_memdup2 (self, sizeof *self);

  copy->name = g_strdup (self->name);
  copy->field = g_strdup (self->field);
  copy->unit = g_strdup (self->unit);
  copy->convention = g_strdup (self->convention);
  copy->classes = g_strdupv (self->classes);
  return copy;
}

void
eqs_meaning_free (EqsMeaning *self)
{
  g_free (self->name);
  g_free (self->field);
  g_free (self->unit);
  g_free (self->convention);
  g_strfreev (self->classes);
  g_free (self);
}

GPtrArray *
eqs_meanings_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_meaning_free);
}

EqsMeaning *
eqs_meanings_get (GPtrArray *list, const char *name)
{
  for (guint i = 0; i < list->len; i++)
    if (strcmp (((EqsMeaning *) list->pdata[i])->name, name) == 0)
      return list->pdata[i];
  g_ptr_array_add (list, eqs_meaning_new (name));
  return list->pdata[list->len - 1];
}

void
eqs_meanings_add (GPtrArray *list, const EqsMeaning *one)
{
  EqsMeaning *self = eqs_meanings_get (list, one->name), *more = eqs_meaning_copy (one);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i].key != NULL && *text_of (more, (EqsSaying) i) == NULL)
      *text_of (more, (EqsSaying) i) = g_steal_pointer (text_of (self, (EqsSaying) i));
  if (more->classes == NULL)
    more->classes = g_steal_pointer (&self->classes);
  if (more->n_shape == 0)
    {
      more->n_shape = self->n_shape;
      memcpy (more->shape, self->shape, sizeof more->shape);
    }
  if (!more->has_role && !more->has_values)
    {
      more->has_role = self->has_role;
      more->role = self->role;
      more->has_values = self->has_values;
      more->values = self->values;
    }
  for (guint i = 0; i < list->len; i++)
    if (list->pdata[i] == self)
      list->pdata[i] = more;
  eqs_meaning_free (self);
}

/* ---- the command line ---- */

static gboolean
take_role (EqsMeaning *self, const char *word, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (uses); i++)
    if (strcmp (uses[i].word, word) == 0)
      {
        self->has_role = TRUE;
        self->role = uses[i].role;
        self->has_values = uses[i].has_values;
        self->values = uses[i].values;
        return TRUE;
      }
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT, _("“%s” is no role for “%s”; it is input, class, number or extra."), word, self->name);
  return FALSE;
}

gboolean
eqs_meanings_take (GPtrArray *list, EqsSaying saying, const char *text, GError **error)
{
  const char      *equals = strchr (text, '=');
  g_autofree char *name = equals == NULL ? NULL : g_strndup (text, (gsize) (equals - text));
  EqsMeaning      *self;

  if (name == NULL || *name == '\0' || equals[1] == '\0')
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT, _(texts[saying].wrong), text);
      return FALSE;
    }
  self = eqs_meanings_get (list, name);
  if (saying == EQS_SAY_ROLE)
    return take_role (self, equals + 1, error);
  g_free (*text_of (self, saying));
  *text_of (self, saying) = g_strdup (equals + 1);
  return TRUE;
}

/* ---- the form ---- */

static gboolean
read_classes (EqsMeaning *self, const EqsValue *list, const char *where, GError **error)
{
  const guint n = eqs_value_get_length (list);

  if (n == 0 || n > 100000)
    return eqs_data_refuse (error, where, _("“classes” of “%s” must list their names."), self->name);
  g_strfreev (self->classes);
  self->classes = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    {
      const char *name = eqs_value_get_string (eqs_value_get_item (list, i));

      if (name == NULL || name[0] == '\0')
        return eqs_data_refuse (error, where, _("“classes” of “%s” must list their names."), self->name);
      self->classes[i] = g_strdup (name);
    }
  return TRUE;
}

static gboolean
read_shape (EqsMeaning *self, const EqsValue *list, const char *where, GError **error)
{
  const guint n = list == NULL ? 0 : eqs_value_get_length (list);

  if (list == NULL)
    return TRUE;
  for (guint i = 0; i < n && n <= G_N_ELEMENTS (self->shape); i++)
    {
      const double size = eqs_value_get_number (eqs_value_get_item (list, i));

      if (!(size >= 1 && size <= 65536) || size != floor (size))
        return eqs_data_refuse (error, where, _("“shape” of “%s” must be one to three whole numbers from 1 to 65536."), self->name);
      self->shape[i] = (guint64) size;
    }
  if (n < 1 || n > G_N_ELEMENTS (self->shape))
    return eqs_data_refuse (error, where, _("“shape” of “%s” must be one to three whole numbers from 1 to 65536."), self->name);
  self->n_shape = n;
  return TRUE;
}

static gboolean
read_role (EqsMeaning *self, const EqsMap *said, const char *where, GError **error)
{
  const char *role = eqs_map_get_string (said, "role", NULL), *values = eqs_map_get_string (said, "values", NULL);
  guint       r = 0;

  while (role != NULL && r < G_N_ELEMENTS (roles) && strcmp (roles[r], role) != 0)
    r++;
  if ((role == NULL && eqs_map_get (said, "role") != NULL) || r == G_N_ELEMENTS (roles))
    return eqs_data_refuse (error, where, _("“role” of “%s” must be input, target or extra."), self->name);
  if (values == NULL ? eqs_map_get (said, "values") != NULL : strcmp (values, "label") != 0 && strcmp (values, "feature") != 0)
    return eqs_data_refuse (error, where, _("“values” of “%s” must be label or feature."), self->name);
  if (role != NULL)
    {
      self->has_role = TRUE;
      self->role = (EqsRole) r;
    }
  if (values != NULL)
    {
      self->has_values = TRUE;
      self->values = strcmp (values, "label") == 0 ? EQS_VALUES_LABEL : EQS_VALUES_FEATURE;
    }
  return TRUE;
}

static gboolean
read_one (EqsMeaning *self, const EqsMap *said, const char *where, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const EqsValue *value = texts[i].key == NULL ? NULL : eqs_map_get (said, texts[i].key);
      const char     *text = value == NULL ? NULL : eqs_value_get_string (value);

      if (value == NULL)
        continue;
      if (text == NULL || *text == '\0')
        return eqs_data_refuse (error, where, _("“%s” of “%s” must be text."), texts[i].key, self->name);
      g_free (*text_of (self, (EqsSaying) i));
      *text_of (self, (EqsSaying) i) = g_strdup (text);
    }
  return read_role (self, said, where, error) && read_shape (self, eqs_map_get (said, "shape"), where, error) && (eqs_map_get (said, "classes") == NULL || read_classes (self, eqs_map_get (said, "classes"), where, error));
}

gboolean
eqs_meanings_read (GPtrArray *list, const EqsMap *map, const char *where, GError **error)
{
  if (map == NULL)
    return eqs_data_refuse (error, where, _("“map” must be an object of columns."));
  for (guint i = 0; i < eqs_map_get_size (map); i++)
    {
      const char   *name = eqs_map_get_key (map, i);
      const EqsMap *said = eqs_value_get_map (eqs_map_get_value (map, i));

      if (said == NULL)
        return eqs_data_refuse (error, where, _("“%s” in “map” must be an object."), name);
      if (!read_one (eqs_meanings_get (list, name), said, where, error))
        return FALSE;
    }
  return TRUE;
}

EqsMap *
eqs_meanings_to_map (const GPtrArray *list)
{
  EqsMap *map = eqs_map_new ();

  for (guint i = 0; i < list->len; i++)
    {
      EqsMeaning *one = list->pdata[i];
      EqsMap     *said = eqs_map_new ();

      for (gsize k = 0; k < G_N_ELEMENTS (texts); k++)
        if (texts[k].key != NULL && *text_of (one, (EqsSaying) k) != NULL)
          eqs_map_set (said, texts[k].key, eqs_value_new_string (*text_of (one, (EqsSaying) k)));
      if (one->has_role)
        eqs_map_set (said, "role", eqs_value_new_string (roles[one->role]));
      if (one->has_values && (!one->has_role || one->role == EQS_ROLE_TARGET))
        eqs_map_set (said, "values", eqs_value_new_string (one->values == EQS_VALUES_LABEL ? "label" : "feature"));
      if (one->classes != NULL && (!one->has_values || one->values == EQS_VALUES_LABEL))
        eqs_map_set (said, "classes", eqs_value_new_strings ((const char *const *) one->classes));
      if (one->n_shape > 0)
        {
          double shape[G_N_ELEMENTS (one->shape)];

          for (guint k = 0; k < one->n_shape; k++)
            shape[k] = (double) one->shape[k];
          eqs_map_set (said, "shape", eqs_value_new_numbers (shape, one->n_shape));
        }
      eqs_map_set (map, one->name, eqs_value_new_object (said));
    }
  return map;
}

/* ---- what it does ---- */

/* The entries of a matrix, row after row. */
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
find_column (EqsDatasetSpec *spec, const char *name)
{
  for (guint i = 0; i < spec->columns->len; i++)
    if (g_str_equal (((EqsColumnSpec *) spec->columns->pdata[i])->name, name))
      return spec->columns->pdata[i];
  return NULL;
}

gboolean
eqs_column_spec_is_table (const EqsColumnSpec *self)
{
  return self->fields != NULL && g_strv_length (self->fields) > 1;
}

/* The column that reads a field, alone or with others; where it stands among them. */
static EqsColumnSpec *
find_field (EqsDatasetSpec *spec, const char *field, guint *at)
{
  for (guint i = 0; i < spec->columns->len; i++)
    {
      EqsColumnSpec *column = spec->columns->pdata[i];

      *at = 0;
      if (column->fields == NULL && g_str_equal (column->name, field))
        return column;
      for (; column->fields != NULL && column->fields[*at] != NULL; (*at)++)
        if (g_str_equal (column->fields[*at], field))
          return column;
    }
  return NULL;
}

/* One of several fields becomes a column of its own. */
static EqsColumnSpec *
take_field (EqsDatasetSpec *spec, EqsColumnSpec *from, guint at)
{
  EqsColumnSpec *own = eqs_dataset_spec_add (spec, from->fields[at], from->role, from->values, from->file);
  const guint    n = g_strv_length (from->fields);

  own->kind = from->kind;
  own->undirected = from->undirected;
  own->sample_field = g_strdup (from->sample_field);
  own->part_field = g_strdup (from->part_field);
  own->part_names = g_strdupv (from->part_names);
  own->part_values = g_strdupv (from->part_values);
  own->fields = g_new0 (char *, 2);
  own->fields[0] = from->fields[at];
  memmove (from->fields + at, from->fields + at + 1, (n - at) * sizeof *from->fields);
  return own;
}

static gboolean
refuse_missing (EqsDatasetSpec *spec, const EqsMeaning *said, const char *where, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);
  g_autofree char    *shown = g_filename_display_name (where);
  guint               n = 0;

  for (guint i = 0; i < spec->columns->len; i++)
    {
      const EqsColumnSpec *column = spec->columns->pdata[i];
      const char *const    own[] = { column->name, NULL };
      const char *const   *list = column->fields != NULL && (said->field != NULL || eqs_column_spec_is_table (column)) ? (const char *const *) column->fields : own;

      for (; *list != NULL; list++, n++)
        if (n < MOST_LISTED)
          g_string_append_printf (names, "%s%s", n == 0 ? "" : ", ", *list);
    }
  if (n > MOST_LISTED)
    g_string_append (names, ", …");
  if (said->field != NULL)
    g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING,
                 /* Translators: a folder or a file in it, what was asked for, a list of names */
                 _("“%s” has no property “%s”; it has: %s."), shown, said->field, names->str);
  else
    g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING, _("“%s”: there is no column “%s”; there are: %s."), shown, said->name, names->str);
  return FALSE;
}

static gboolean
unit_fits (const EqsMeaning *said, GError **error)
{
  const char *inside = eqs_unit_of_quantity (said->name);
  EqsUnit     given, wanted;

  if (!eqs_unit_parse (said->unit, &given))
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT,
                   _("“%s” is no unit that is known; write eV, kcal/mol, kJ/mol, Hartree, Å, bohr, eV/Å, Hartree/bohr, GPa, D … or 1 for a plain number."), said->unit);
      return FALSE;
    }
  if (inside == NULL || !eqs_unit_parse (inside, &wanted) || eqs_unit_is_alike (&given, &wanted))
    return TRUE;
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT,
               /* Translators: a quantity, a unit, a unit of the right kind */
               _("“%s” cannot be in %s: it is measured in units like %s."), said->name, said->unit, inside);
  return FALSE;
}

/* All that can be wrong, before anything is changed. */
static gboolean
can_apply (EqsDatasetSpec *spec, const EqsMeaning *said, const char *where, GError **error)
{
  guint at;

  if (*said->name == '\0' || strchr (said->name, '/') != NULL)
    return eqs_data_refuse (error, where, _("“%s” is no name for a column: it is empty or has a slash."), said->name);
  if (said->field != NULL ? find_field (spec, said->field, &at) == NULL : find_column (spec, said->name) == NULL && find_field (spec, said->name, &at) == NULL)
    return refuse_missing (spec, said, where, error);
  if (said->convention != NULL && !eqs_convention_check (said->name, said->convention, error))
    return FALSE;
  return said->unit == NULL || unit_fits (said, error);
}

/* What stood under the name stays there to be chosen again. */
static void
set_aside (EqsDatasetSpec *spec, EqsColumnSpec *other)
{
  g_autofree char *aside = g_strconcat (other->name, "_in_file", NULL);

  if (find_column (spec, aside) != NULL)
    {
      g_ptr_array_remove (spec->columns, other);
      return;
    }
  if (other->fields == NULL)
    {
      other->fields = g_new0 (char *, 2);
      other->fields[0] = g_strdup (other->name);
    }
  g_free (other->name);
  other->name = g_steal_pointer (&aside);
  other->role = EQS_ROLE_EXTRA;
}

static void
rename_column (EqsDatasetSpec *spec, EqsColumnSpec *column, const char *name)
{
  EqsColumnSpec *other = find_column (spec, name);
  const char    *task;
  EqsValues      values;

  if (other != NULL && other != column)
    set_aside (spec, other);
  if (column->fields == NULL)
    {
      column->fields = g_new0 (char *, 2);
      column->fields[0] = g_strdup (column->name);
    }
  g_free (column->name);
  column->name = g_strdup (name);
  column->is_renamed = TRUE;
  if (eqs_column_spec_take_quantity (column, 0))
    return;
  if (eqs_dataset_name_is_target (name, &values, &task))
    {
      column->role = EQS_ROLE_TARGET;
      column->values = values;
      g_free (column->task);
      column->task = g_strdup (task);
    }
  else if (column->role == EQS_ROLE_EXTRA)
    column->role = EQS_ROLE_TARGET;
}

static void
set_role (const EqsDatasetSpec *spec, EqsColumnSpec *column, const EqsMeaning *said)
{
  const gboolean was = column->role == EQS_ROLE_TARGET && column->task != NULL && !said->has_values;

  if (said->has_role)
    column->role = said->role;
  if (said->has_values)
    column->values = said->values;
  if (column->role != EQS_ROLE_TARGET || was)
    return;
  /* A quantity has a task of its own: forces are no plain regression. */
  if (column->values != EQS_VALUES_LABEL && eqs_column_spec_take_quantity (column, 0) && column->role == EQS_ROLE_TARGET)
    return;
  column->role = EQS_ROLE_TARGET;
  /* Of a set one thing is told, of a graph something of each node. */
  if (column->sample_field != NULL && g_strcmp0 (spec->domain, "set") == 0)
    column->kind = EQS_COLUMN_FIXED;
  g_free (column->task);
  column->task = g_strdup (column->kind == EQS_COLUMN_PER_NODE && g_strcmp0 (spec->domain, "graph") == 0 ? "node"
                           : column->values == EQS_VALUES_LABEL ? "classification" : "regression");
}

static void
set_texts (EqsColumnSpec *column, const EqsMeaning *said)
{
  if (said->n_shape > 0)
    {
      column->is_shaped = TRUE;
      column->n_shape = said->n_shape;
      memcpy (column->shape, said->shape, sizeof column->shape);
    }
  if (said->unit != NULL)
    {
      g_free (column->unit);
      column->unit = g_strdup (said->unit);
      column->is_stated = TRUE;
    }
  if (said->convention != NULL)
    {
      g_free (column->convention);
      column->convention = g_strdup (said->convention);
      /* Whoever names the entries of a tensor says what it is: an answer, if nothing else is said. */
      if (eqs_convention_names_entries (said->convention))
        {
          g_free (column->representation);
          column->representation = g_strdup ("1x0e + 1x2e");
          if (column->role == EQS_ROLE_EXTRA && !said->has_role)
            {
              column->role = EQS_ROLE_TARGET;
              g_free (column->task);
              column->task = g_strdup ("regression");
            }
        }
    }
  if (said->classes != NULL)
    {
      g_strfreev (column->class_names);
      column->class_names = g_strdupv (said->classes);
      column->renamed = TRUE;
    }
}

/* The column that is spoken of, as one of its own; NULL: a field that goes in with others, as it did. */
static EqsColumnSpec *
single_out (EqsDatasetSpec *spec, const EqsMeaning *said)
{
  guint          at = 0;
  EqsColumnSpec *column = said->field == NULL ? find_column (spec, said->name) : NULL;

  if (column != NULL)
    return column;
  column = find_field (spec, said->field != NULL ? said->field : said->name, &at);
  if (said->field == NULL && said->has_role && said->role == EQS_ROLE_INPUT && column->role == EQS_ROLE_INPUT && said->unit == NULL && said->convention == NULL)
    return NULL;
  if (eqs_column_spec_is_table (column))
    column = take_field (spec, column, at);
  if (said->field != NULL)
    rename_column (spec, column, said->name);
  else
    {
      g_free (column->name);
      column->name = g_strdup (said->name);
    }
  return column;
}

static void
apply_one (EqsDatasetSpec *spec, const EqsMeaning *said)
{
  EqsColumnSpec *column = single_out (spec, said);

  if (column == NULL)
    return;
  if (said->has_role || said->has_values)
    set_role (spec, column, said);
  set_texts (column, said);
}

/* The usual task is that of what is to be told; forces go before the energy that they are told with. */
static void
find_task (EqsDatasetSpec *spec)
{
  const char *task = NULL;

  for (guint i = 0; i < spec->columns->len; i++)
    {
      const EqsColumnSpec *column = spec->columns->pdata[i];

      if (column->role == EQS_ROLE_TARGET && column->task != NULL && (task == NULL || strcmp (column->task, "forces") == 0))
        task = column->task;
    }
  g_free (spec->task);
  spec->task = g_strdup (task == NULL ? "" : task);
}

gboolean
eqs_dataset_spec_say (EqsDatasetSpec *spec, const GPtrArray *list, const char *where, GError **error)
{
  gboolean input = FALSE;

  for (guint i = 0; i < list->len; i++)
    {
      if (!can_apply (spec, list->pdata[i], where, error))
        return FALSE;
      apply_one (spec, list->pdata[i]);
    }
  for (guint i = 0; i < spec->columns->len; i++)
    input = input || ((EqsColumnSpec *) spec->columns->pdata[i])->role == EQS_ROLE_INPUT;
  if (!input)
    return eqs_data_refuse (error, where, _("no column goes in: one must have the role input."));
  if (list->len > 0)
    find_task (spec);
  return TRUE;
}
