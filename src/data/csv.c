/* CSV, read in one pass into one buffer: fields become NUL-terminated where they lie, quotes are taken out in place. */

#include "data/csv.h"
#include "data/error.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

struct _EqsCsv
{
  char      *name;
  char      *text;                /* owned; all fields lie in it */
  GPtrArray *titles;              /* borrowed from text */
  GPtrArray *fields;              /* borrowed from text; row-major */
  GArray    *lines;               /* guint64 per row */
  gboolean   keeps_missing;
};

typedef struct
{
  char   *in, *out, *end;
  guint64 line;
} CsvReader;

void
eqs_csv_free (EqsCsv *self)
{
  g_free (self->name);
  g_free (self->text);
  g_ptr_array_unref (self->titles);
  g_ptr_array_unref (self->fields);
  g_array_unref (self->lines);
  g_free (self);
}

/* FALSE when a quote is not closed. The terminator that was read is in *stop: ',' '\n' or 0 at the end. */
static gboolean
csv_read_field (CsvReader *reader, char **field, char *stop)
{
  gboolean quoted = reader->in < reader->end && *reader->in == '"';

  *field = reader->out;
  if (quoted)
    reader->in++;
  while (reader->in < reader->end)
    {
      char c = *reader->in;

      if (quoted && c == '"' && reader->in + 1 < reader->end && reader->in[1] == '"')
        reader->in++;
      else if (quoted && c == '"')
        {
          quoted = FALSE;
          reader->in++;
          continue;
        }
      else if (!quoted && (c == ',' || c == '\n'))
        break;
      else if (!quoted && c == '\r' && (reader->in + 1 == reader->end || reader->in[1] == '\n'))
        {
          reader->in++;
          continue;
        }
      if (c == '\n')
        reader->line++;
      *reader->out++ = c;
      reader->in++;
    }
  *stop = reader->in < reader->end ? *reader->in++ : '\0';
  *reader->out++ = '\0';          /* never beyond in: a field is followed by its terminator */
  return !quoted;
}

/* One line into fields. FALSE with error. */
static gboolean
csv_read_line (EqsCsv *self, CsvReader *reader, GPtrArray *fields, GError **error)
{
  const guint64 line = reader->line;
  char stop;

  do
    {
      char *field;

      if (!csv_read_field (reader, &field, &stop))
        {
          g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT,
                       _("“%s”, line %" PRIu64 ": a quotation mark is never closed."), self->name, line);
          return FALSE;
        }
      g_ptr_array_add (fields, field);
    }
  while (stop == ',');
  reader->line++;
  return TRUE;
}

static gboolean
csv_read_rows (EqsCsv *self, CsvReader *reader, GError **error)
{
  while (reader->in < reader->end)
    {
      const guint64 line = reader->line;
      const guint before = self->fields->len;
      guint n;

      if (!csv_read_line (self, reader, self->fields, error))
        return FALSE;
      n = self->fields->len - before;
      if (n == 1 && *(char *) self->fields->pdata[before] == '\0')
        {
          g_ptr_array_set_size (self->fields, (int) before);
          continue;
        }
      if (n != self->titles->len)
        {
          g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT,
                       _("“%s”, line %" PRIu64 ": %u fields, but the header has %u."),
                       self->name, line, n, self->titles->len);
          return FALSE;
        }
      g_array_append_val (self->lines, line);
    }
  return TRUE;
}

static gboolean
csv_check_titles (EqsCsv *self, GError **error)
{
  for (guint i = 0; i < self->titles->len; i++)
    {
      char *title = g_strstrip (self->titles->pdata[i]);

      self->titles->pdata[i] = title;
      for (guint j = 0; j < i; j++)
        if (g_str_equal (title, self->titles->pdata[j]))
          {
            g_autofree char *shown = eqs_data_quote (title);

            g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT,
                         _("“%s” has two columns named “%s”."), self->name, shown);
            return FALSE;
          }
    }
  return TRUE;
}

EqsCsv *
eqs_csv_parse (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (EqsCsv) self = g_new0 (EqsCsv, 1);
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  CsvReader reader;

  self->name = g_strdup (name);
  self->titles = g_ptr_array_new ();
  self->fields = g_ptr_array_new ();
  self->lines = g_array_new (FALSE, FALSE, sizeof (guint64));
  if (length > G_MAXINT32)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_LIMIT, _("“%s” is too large for a table of text."), name);
      return NULL;
    }
  if (length >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0)
    {
      data += 3;
      length -= 3;
    }
  if (length == 0)
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_EMPTY, _("“%s” is empty."), name);
      return NULL;
    }
  if (memchr (data, '\0', length) != NULL || !g_utf8_validate (data, (gssize) length, NULL))
    {
      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT, _("“%s” is not a text file in UTF-8."), name);
      return NULL;
    }

  self->text = g_strndup (data, length);
  reader = (CsvReader) { self->text, self->text, self->text + length, 1 };
  if (!csv_read_line (self, &reader, self->titles, error) || !csv_check_titles (self, error) ||
      !csv_read_rows (self, &reader, error))
    return NULL;
  return g_steal_pointer (&self);
}

guint
eqs_csv_get_n_columns (const EqsCsv *self)
{
  return self->titles->len;
}

gsize
eqs_csv_get_n_rows (const EqsCsv *self)
{
  return self->lines->len;
}

const char *
eqs_csv_get_title (const EqsCsv *self, guint column)
{
  g_return_val_if_fail (column < self->titles->len, NULL);
  return self->titles->pdata[column];
}

const char *
eqs_csv_get (const EqsCsv *self, gsize row, guint column)
{
  g_return_val_if_fail (row < self->lines->len && column < self->titles->len, NULL);
  return self->fields->pdata[row * self->titles->len + column];
}

guint64
eqs_csv_get_line (const EqsCsv *self, gsize row)
{
  g_return_val_if_fail (row < self->lines->len, 0);
  return g_array_index (self->lines, guint64, row);
}

gboolean
eqs_csv_find (const EqsCsv *self, const char *title, guint *column, GError **error)
{
  GString *known = g_string_new (NULL);

  for (guint i = 0; i < self->titles->len; i++)
    if (g_str_equal (self->titles->pdata[i], title))
      {
        g_string_free (known, TRUE);
        *column = i;
        return TRUE;
      }
  for (guint i = 0; i < MIN (self->titles->len, 20); i++)
    {
      g_autofree char *shown = eqs_data_quote (self->titles->pdata[i]);

      g_string_append_printf (known, "%s%s", i == 0 ? "" : ", ", shown);
    }
  g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_MISSING,
               /* Translators: a file, a column's name, a list of names */
               _("“%s” has no column “%s”; it has: %s."), self->name, title, known->str);
  g_string_free (known, TRUE);
  return FALSE;
}

static gboolean
csv_read_number (const char *text, double *value)
{
  char *end;

  while (*text == ' ' || *text == '\t')
    text++;
  *value = g_ascii_strtod (text, &end);
  if (end == text)
    return FALSE;
  while (*end == ' ' || *end == '\t')
    end++;
  return *end == '\0';
}

void
eqs_csv_keep_missing (EqsCsv *self)
{
  self->keeps_missing = TRUE;
}

gboolean
eqs_csv_is_missing (const EqsCsv *self, gsize row, guint column)
{
  static const char *const words[] = { "", "na", "n/a", "nan", "null", "none", "?", "-" };
  const char *text = eqs_csv_get (self, row, column);
  gsize       length;

  text += strspn (text, " \t");
  for (length = strlen (text); length > 0 && strchr (" \t", text[length - 1]) != NULL;)
    length--;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strlen (words[i]) == length && g_ascii_strncasecmp (text, words[i], length) == 0)
      return TRUE;
  return FALSE;
}

gboolean
eqs_csv_get_number (const EqsCsv *self, gsize row, guint column, double *value, GError **error)
{
  const char *text = eqs_csv_get (self, row, column);
  g_autofree char *title = NULL;

  if (csv_read_number (text, value) && isfinite (*value))
    return TRUE;
  if (self->keeps_missing && (csv_read_number (text, value) || eqs_csv_is_missing (self, row, column)))
    {
      *value = NAN;
      return TRUE;
    }

  title = eqs_data_quote (eqs_csv_get_title (self, column));
  if (!csv_read_number (text, value))
    {
      g_autofree char *start = eqs_data_quote (text);

      g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_FORMAT,
                   /* Translators: a file, a line, a column's name, what stands there */
                   _("“%s”, line %" PRIu64 ", column “%s”: “%s” is not a number."),
                   self->name, eqs_csv_get_line (self, row), title, start);
    }
  else
    g_set_error (error, EQS_DATA_ERROR, EQS_DATA_ERROR_NAN,
                 _("“%s”, line %" PRIu64 ", column “%s”: the value is not a finite number."),
                 self->name, eqs_csv_get_line (self, row), title);
  return FALSE;
}

gboolean
eqs_csv_is_number (const EqsCsv *self, guint column)
{
  const gsize n = eqs_csv_get_n_rows (self);
  double      value;

  for (gsize row = 0; row < n; row++)
    if (!eqs_csv_is_missing (self, row, column))
      return csv_read_number (eqs_csv_get (self, row, column), &value);
  return n == 0 || csv_read_number (eqs_csv_get (self, 0, column), &value);
}
