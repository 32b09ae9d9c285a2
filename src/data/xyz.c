/* Extended XYZ, line by line. The text is copied once and cut up in place; memory is bounded by the file's length,
 * because a number of atoms is believed only while lines for them follow. */

#include "data/xyz.h"
#include "data/error.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char symbols[][3] = {
  "", "H", "He", "Li", "Be", "B", "C", "N", "O", "F", "Ne", "Na", "Mg", "Al", "Si", "P", "S", "Cl", "Ar", "K", "Ca", "Sc",
  "Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn", "Ga", "Ge", "As", "Se", "Br", "Kr", "Rb", "Sr", "Y", "Zr", "Nb",
  "Mo", "Tc", "Ru", "Rh", "Pd", "Ag", "Cd", "In", "Sn", "Sb", "Te", "I", "Xe", "Cs", "Ba", "La", "Ce", "Pr", "Nd", "Pm",
  "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb", "Lu", "Hf", "Ta", "W", "Re", "Os", "Ir", "Pt", "Au", "Hg", "Tl",
  "Pb", "Bi", "Po", "At", "Rn", "Fr", "Ra", "Ac", "Th", "Pa", "U", "Np", "Pu", "Am", "Cm", "Bk", "Cf", "Es", "Fm", "Md",
  "No", "Lr", "Rf", "Db", "Sg", "Bh", "Hs", "Mt", "Ds", "Rg", "Cn", "Nh", "Fl", "Mc", "Lv", "Ts", "Og"
};

guint
eqs_species_from_symbol (const char *symbol)
{
  for (guint i = 1; i < G_N_ELEMENTS (symbols); i++)
    if (g_str_equal (symbols[i], symbol))
      return i;
  return 0;
}

const char *
eqs_species_get_symbol (guint number)
{
  return number >= 1 && number < G_N_ELEMENTS (symbols) ? symbols[number] : NULL;
}

#define MAX_PROPERTIES 32
#define MAX_WIDTH 64              /* numbers of one atom column or one comment key */
#define MAX_KEYS 64

/* A column of atoms, or a key of comments. */
typedef struct
{
  char   *name;                   /* owned */
  char    type;                   /* S R I L; R for keys */
  guint   width;
  GArray *values;                 /* double; of species gint32 */
  gsize   n_frames;               /* of a key: in how many frames it was so far; else unused */
} XyzColumn;

typedef struct
{
  const char *name;               /* of the file */
  char       *at, *end;
  guint64     line;
  gsize       frame;              /* from 0 */
  char       *properties;         /* (nullable) owned: of the first frame */
  XyzColumn   columns[MAX_PROPERTIES];
  guint       n_columns;
  GPtrArray  *keys;               /* XyzColumn */
  GHashTable *units;              /* "energy_unit" → "kcal/mol", as the first frame that says so has it */
  GArray     *offsets;            /* guint64 */
  gboolean    keeps_missing;
} XyzReader;

static void
xyz_column_clear (XyzColumn *self)
{
  g_free (self->name);
  g_clear_pointer (&self->values, g_array_unref);
}

static void
xyz_column_free (gpointer data)
{
  xyz_column_clear (data);
  g_free (data);
}

static gboolean G_GNUC_PRINTF (4, 5)
xyz_fail (XyzReader *self, GError **error, EqsDataError code, const char *format, ...)
{
  g_autofree char *raw = NULL;
  g_autofree char *what = NULL;
  va_list args;

  /* The line's own words, perhaps cut within a character, are part of this. */
  va_start (args, format);
  raw = g_strdup_vprintf (format, args);
  va_end (args);
  what = eqs_data_clean (raw);
  g_set_error (error, EQS_DATA_ERROR, code,
               /* Translators: a file, a line, a sample (from 0), then a sentence about what is wrong there */
               _("“%s”, line %" PRIu64 " (sample %zu, counted from 0): %s"),
               self->name, self->line, self->frame, what);
  return FALSE;
}

/* The next line, NUL-terminated in place; NULL at the end. */
static char *
xyz_next_line (XyzReader *self)
{
  char *start = self->at, *stop;

  if (start >= self->end)
    return NULL;
  stop = memchr (start, '\n', (gsize) (self->end - start));
  if (stop == NULL)
    stop = self->end;
  *stop = '\0';
  if (stop > start && stop[-1] == '\r')
    stop[-1] = '\0';
  self->at = stop + 1;
  self->line++;
  return start;
}

/* The next word of a line, NUL-terminated in place; NULL when there is none. */
static char *
next_word (char **line)
{
  char *start = *line + strspn (*line, " \t");
  gsize length;

  if (*start == '\0')
    return NULL;
  length = strcspn (start, " \t");
  *line = start[length] == '\0' ? start + length : start + length + 1;
  start[length] = '\0';
  return start;
}

static gboolean
read_number (const char *word, double *value)
{
  char *end;

  *value = g_ascii_strtod (word, &end);
  return end != word && *end == '\0';
}

/* "species:S:1:pos:R:3:…" */
static gboolean
xyz_read_properties (XyzReader *self, const char *text, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 3 * MAX_PROPERTIES + 1);
  const guint n = g_strv_length (parts);
  gboolean has_species = FALSE, has_positions = FALSE;

  for (guint i = 0; i + 2 < n && self->n_columns < MAX_PROPERTIES; i += 3)
    {
      XyzColumn *column = &self->columns[self->n_columns];
      guint64 width;

      if (*parts[i] == '\0' || strlen (parts[i + 1]) != 1 || strchr ("SRIL", *parts[i + 1]) == NULL ||
          !g_ascii_string_to_unsigned (parts[i + 2], 10, 1, MAX_WIDTH, &width, NULL))
        break;
      for (guint c = 0; c < self->n_columns; c++)
        if (g_str_equal (self->columns[c].name, parts[i]))
          return xyz_fail (self, error, EQS_DATA_ERROR_FORMAT, _("Properties names “%.40s” twice."), parts[i]);
      column->name = g_strdup (parts[i]);
      column->type = *parts[i + 1];
      column->width = (guint) width;
      column->values = g_array_new (FALSE, FALSE, sizeof (double));
      has_species |= g_str_equal (column->name, "species") && width == 1;
      has_positions |= g_str_equal (column->name, "pos") && width == 3 && column->type == 'R';
      self->n_columns++;
    }
  if (n % 3 != 0 || self->n_columns != n / 3)
    return xyz_fail (self, error, EQS_DATA_ERROR_FORMAT, _("“Properties=%.80s” cannot be read."), text);
  if (!has_species || !has_positions)
    return xyz_fail (self, error, EQS_DATA_ERROR_MISSING, _("Properties must name species (S:1) and pos (R:3)."));
  return TRUE;
}

/* key=value, key="a b", key={a b}, key=[a, b], or a key alone. FALSE at the end of the line. */
static gboolean
next_pair (char **line, char **key, char **value)
{
  char *p = *line + strspn (*line, " \t");
  char close;

  if (*p == '\0')
    return FALSE;
  *key = p;
  p += strcspn (p, "= \t");
  *value = NULL;
  if (*p != '=')
    {
      *line = *p == '\0' ? p : p + 1;
      *p = '\0';
      return TRUE;
    }
  *p++ = '\0';
  close = *p == '"' || *p == '\'' ? *p : *p == '{' ? '}' : *p == '[' ? ']' : '\0';
  if (close != '\0')
    p++;
  *value = p;
  p = close != '\0' ? strchr (p, close) : p + strcspn (p, " \t");
  if (p == NULL)
    p = *value + strlen (*value);
  *line = *p == '\0' ? p : p + 1;
  *p = '\0';
  return TRUE;
}

static guint
read_numbers (char *value, gboolean logical, double *out)
{
  guint n = 0;

  g_strdelimit (value, ",[]", ' ');
  for (char *word; (word = next_word (&value)) != NULL; n++)
    {
      if (n == MAX_WIDTH)
        return 0;
      if (logical && (g_str_equal (word, "T") || g_str_equal (word, "F")))
        out[n] = *word == 'T';
      else if (!read_number (word, &out[n]))
        return 0;
    }
  return n;
}

static XyzColumn *
xyz_find_key (XyzReader *self, const char *name)
{
  for (guint i = 0; i < self->keys->len; i++)
    if (g_str_equal (((XyzColumn *) self->keys->pdata[i])->name, name))
      return self->keys->pdata[i];
  return NULL;
}

/* "energy_unit=kcal/mol": one unit in the whole file. */
static gboolean
xyz_read_unit (XyzReader *self, const char *name, const char *value, GError **error)
{
  const char *before = g_hash_table_lookup (self->units, name);

  if (before == NULL)
    g_hash_table_insert (self->units, g_strdup (name), g_strdup (value));
  else if (!g_str_equal (before, value))
    return xyz_fail (self, error, EQS_DATA_ERROR_FORMAT, _("“%.40s” is “%.40s” here and “%.40s” before; a file has one unit for each quantity."), name, value, before);
  return TRUE;
}

/* A key counts while every frame so far had it, with as many numbers. */
static gboolean
xyz_read_key (XyzReader *self, const char *name, char *value, GError **error)
{
  double numbers[MAX_WIDTH];
  const guint n = read_numbers (value, g_str_equal (name, "pbc"), numbers);
  XyzColumn *key = xyz_find_key (self, name);

  for (guint i = 0; i < n; i++)
    if (!isfinite (numbers[i]))
      {
        if (!self->keeps_missing)
          return xyz_fail (self, error, EQS_DATA_ERROR_NAN, _("“%.40s” is not a finite number."), name);
        numbers[i] = NAN;
      }
  if (key == NULL && self->frame == 0 && n > 0 && self->keys->len < MAX_KEYS && g_utf8_validate (name, -1, NULL))
    {
      key = g_new0 (XyzColumn, 1);
      key->name = g_strdup (name);
      key->type = 'R';
      key->width = n;
      key->values = g_array_new (FALSE, FALSE, sizeof (double));
      g_ptr_array_add (self->keys, key);
    }
  if (key == NULL || key->n_frames != self->frame || key->width != n)
    return TRUE;
  g_array_append_vals (key->values, numbers, n);
  key->n_frames++;
  return TRUE;
}

static gboolean
xyz_read_comment (XyzReader *self, char *line, GError **error)
{
  const char *properties = "species:S:1:pos:R:3";
  char *key, *value;

  while (next_pair (&line, &key, &value))
    if (value != NULL && g_str_equal (key, "Properties"))
      properties = value;
    else if (value != NULL && g_str_has_suffix (key, "_unit"))
      {
        if (!xyz_read_unit (self, key, value, error))
          return FALSE;
      }
    else if (value != NULL && !xyz_read_key (self, key, value, error))
      return FALSE;

  if (self->properties == NULL)
    {
      self->properties = g_strdup (properties);
      return xyz_read_properties (self, properties, error);
    }
  if (!g_str_equal (self->properties, properties))
    return xyz_fail (self, error, EQS_DATA_ERROR_SHAPE, _("Properties differ from those of the first sample."));
  return TRUE;
}

static gboolean
xyz_read_word (XyzReader *self, XyzColumn *column, const char *word, GError **error)
{
  double value;

  if (word == NULL)
    return xyz_fail (self, error, EQS_DATA_ERROR_MISSING, _("a value of “%.40s” is missing."), column->name);
  if (column->type == 'S')
    {
      value = eqs_species_from_symbol (word);
      if (value == 0 && !(read_number (word, &value) && value >= 1 && value < G_N_ELEMENTS (symbols) &&
                          value == floor (value)) && g_str_equal (column->name, "species"))
        return xyz_fail (self, error, EQS_DATA_ERROR_FORMAT, _("“%.40s” is not a chemical element."), word);
    }
  else if (column->type == 'L')
    {
      if (!g_str_equal (word, "T") && !g_str_equal (word, "F"))
        return xyz_fail (self, error, EQS_DATA_ERROR_FORMAT, _("“%.40s” is neither T nor F."), word);
      value = *word == 'T';
    }
  else if (!read_number (word, &value))
    return xyz_fail (self, error, EQS_DATA_ERROR_FORMAT, _("“%.40s” is not a number (of “%.40s”)."), word, column->name);
  if (!isfinite (value) && !self->keeps_missing)
    return xyz_fail (self, error, EQS_DATA_ERROR_NAN, _("a value of “%.40s” is not a finite number."), column->name);
  g_array_append_val (column->values, value);
  return TRUE;
}

static gboolean
xyz_read_atom (XyzReader *self, char *line, GError **error)
{
  for (guint c = 0; c < self->n_columns; c++)
    for (guint i = 0; i < self->columns[c].width; i++)
      if (!xyz_read_word (self, &self->columns[c], next_word (&line), error))
        return FALSE;
  if (next_word (&line) != NULL)
    return xyz_fail (self, error, EQS_DATA_ERROR_FORMAT, _("more values than Properties names."));
  return TRUE;
}

/* What this frame did not say. */
static void
xyz_fill_keys (XyzReader *self)
{
  const double nothing = NAN;

  for (guint i = 0; i < self->keys->len; i++)
    {
      XyzColumn *key = self->keys->pdata[i];

      for (; key->n_frames < self->frame; key->n_frames++)
        for (guint k = 0; k < key->width; k++)
          g_array_append_val (key->values, nothing);
    }
}

static gboolean
xyz_read_frame (XyzReader *self, char *line, GError **error)
{
  guint64 n_atoms, total;

  g_strstrip (line);
  if (!g_ascii_string_to_unsigned (line, 10, 1, G_MAXINT32, &n_atoms, NULL))
    return xyz_fail (self, error, EQS_DATA_ERROR_FORMAT, _("“%.40s” is not a number of atoms."), line);
  line = xyz_next_line (self);
  if (line == NULL)
    return xyz_fail (self, error, EQS_DATA_ERROR_TRUNCATED, _("the file ends before the comment line."));
  if (!xyz_read_comment (self, line, error))
    return FALSE;
  for (guint64 i = 0; i < n_atoms; i++)
    {
      line = xyz_next_line (self);
      if (line == NULL)
        return xyz_fail (self, error, EQS_DATA_ERROR_TRUNCATED,
                         _("the file ends after %" PRIu64 " of %" PRIu64 " atoms."), i, n_atoms);
      if (!xyz_read_atom (self, line, error))
        return FALSE;
    }
  total = g_array_index (self->offsets, guint64, self->frame) + n_atoms;
  g_array_append_val (self->offsets, total);
  self->frame++;
  if (self->keeps_missing)
    xyz_fill_keys (self);
  return TRUE;
}

static gboolean
xyz_read_frames (XyzReader *self, GError **error)
{
  for (char *line; (line = xyz_next_line (self)) != NULL;)
    if (line[strspn (line, " \t")] != '\0' && !xyz_read_frame (self, line, error))
      return FALSE;
  if (self->frame == 0)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_EMPTY, _("“%s” holds no samples."), self->name);
      return FALSE;
    }
  return TRUE;
}

/* What the file says of a quantity's unit: under its own name, or for all lengths. */
static const char *
xyz_unit_of (const XyzReader *self, const char *name)
{
  g_autofree char *key = g_strconcat (name, "_unit", NULL);
  const char      *unit = g_hash_table_lookup (self->units, key);

  if (unit == NULL && (g_str_equal (name, "pos") || g_str_equal (name, "Lattice")))
    unit = g_hash_table_lookup (self->units, "length_unit");
  return unit;
}

static EqsColumn *
xyz_add_column (const XyzReader *self, EqsSplit *split, XyzColumn *from, EqsColumnKind kind, GError **error)
{
  const gboolean species = kind == EQS_COLUMN_PER_NODE && g_str_equal (from->name, "species");
  const char *name = kind == EQS_COLUMN_PER_NODE && g_str_equal (from->name, "pos") ? "positions" : from->name;
  guint64 dims[2] = { from->values->len / from->width, from->width };
  gsize n = from->values->len;
  const double *values = (const double *) (gpointer) from->values->data;
  EqsArray *array;
  EqsColumn *column;

  if (species)
    {
      gint32 *numbers = g_new (gint32, MAX (n, 1));

      for (gsize i = 0; i < n; i++)
        numbers[i] = isfinite (values[i]) ? (gint32) values[i] : 0;      /* only where what is missing is kept */
      array = eqs_array_new_take (EQS_DTYPE_I32, 1, dims, numbers);
    }
  else
    array = eqs_array_new_take (EQS_DTYPE_F64, 2, dims, g_memdup2 (values, MAX (n, 1) * sizeof *values));
  column = eqs_split_take_column (split, name, kind, array, error);
  if (column != NULL)
    column->unit = g_strdup (xyz_unit_of (self, from->name));
  if (column != NULL && species)
    column->values = EQS_VALUES_SPECIES;
  else if (column != NULL && g_str_equal (name, "positions"))
    column->values = EQS_VALUES_POSITION;
  return column;
}

/* Directions that are not periodic have no lattice vector. */
static void
xyz_clear_open_rows (XyzReader *self)
{
  const XyzColumn *pbc = xyz_find_key (self, "pbc");
  XyzColumn       *lattice = xyz_find_key (self, "Lattice");

  if (lattice == NULL || pbc == NULL || lattice->width != 9 || pbc->width != 3 || lattice->n_frames != self->frame || pbc->n_frames != self->frame)
    return;
  for (gsize i = 0; i < 9 * self->frame; i++)
    if (g_array_index (pbc->values, double, i / 3) == 0)
      g_array_index (lattice->values, double, i) = 0;
}

static EqsSplit *
xyz_finish (XyzReader *self, const char *name, GError **error)
{
  g_autoptr (EqsSplit) split = eqs_split_new (name);

  xyz_clear_open_rows (self);
  if (!eqs_split_set_offsets (split, EQS_COLUMN_PER_NODE, (const guint64 *) (gpointer) self->offsets->data, self->frame,
                              error))
    return NULL;
  for (guint i = 0; i < self->n_columns; i++)
    {
      XyzColumn *column = &self->columns[i];

      if (column->type == 'S' && !g_str_equal (column->name, "species"))
        continue;                 /* names of residues and the like: no numbers */
      if (xyz_add_column (self, split, column, EQS_COLUMN_PER_NODE, error) == NULL)
        return NULL;
    }
  for (guint i = 0; i < self->keys->len; i++)
    {
      XyzColumn *key = self->keys->pdata[i];

      if (key->n_frames == self->frame && eqs_split_find (split, key->name) == NULL &&
          xyz_add_column (self, split, key, EQS_COLUMN_FIXED, error) == NULL)
        return NULL;
    }
  return g_steal_pointer (&split);
}

static EqsSplit *
parse (GBytes *bytes, const char *name, const char *split, gboolean keep_missing, GError **error)
{
  XyzReader reader = { .name = name, .keeps_missing = keep_missing };
  g_autofree char *text = NULL;
  EqsSplit *result = NULL;
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  const guint64 zero = 0;

  if (length > G_MAXINT32)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_LIMIT, _("“%s” is too large for a table of text."), name);
      return NULL;
    }
  if (length > 0 && (memchr (data, '\0', length) != NULL || !g_utf8_validate (data, (gssize) length, NULL)))
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT, _("“%s” is not a text file in UTF-8."), name);
      return NULL;
    }
  text = g_strndup (length > 0 ? data : "", length);
  reader.at = text;
  reader.end = text + length;
  reader.keys = g_ptr_array_new_with_free_func (xyz_column_free);
  reader.units = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  reader.offsets = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_array_append_val (reader.offsets, zero);

  if (xyz_read_frames (&reader, error))
    result = xyz_finish (&reader, split, error);

  for (guint i = 0; i < reader.n_columns; i++)
    xyz_column_clear (&reader.columns[i]);
  g_ptr_array_unref (reader.keys);
  g_hash_table_unref (reader.units);
  g_array_unref (reader.offsets);
  g_free (reader.properties);
  return result;
}

EqsSplit *
eqs_xyz_parse (GBytes *bytes, const char *name, const char *split, GError **error)
{
  return parse (bytes, name, split, FALSE, error);
}

EqsSplit *
eqs_xyz_parse_missing (GBytes *bytes, const char *name, const char *split, GError **error)
{
  return parse (bytes, name, split, TRUE, error);
}
