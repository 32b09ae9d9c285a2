/* A document as data. Markdown is made from the same list that goes into the JSON, so the two cannot differ. */

#include "services/spec-book.h"

#include <string.h>

struct _EqsBook
{
  GPtrArray *sections;     /* owned, of EqsValue */
  char      *title;        /* of the section being written; owned */
  GPtrArray *items;        /* owned, of EqsValue */
  char      *columns;      /* of the table being written; owned */
  GPtrArray *rows;         /* owned, of EqsValue */
};

static GPtrArray *
values_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);
}

static EqsValue *
list_of (GPtrArray *values)
{
  return eqs_value_new_list ((EqsValue *const *) values->pdata, values->len);
}

EqsBook *
eqs_book_new (void)
{
  EqsBook *self = g_new0 (EqsBook, 1);

  self->sections = values_new ();
  self->items = values_new ();
  self->rows = values_new ();
  return self;
}

void
eqs_book_free (EqsBook *self)
{
  g_ptr_array_unref (self->sections);
  g_ptr_array_unref (self->items);
  g_ptr_array_unref (self->rows);
  g_free (self->title);
  g_free (self->columns);
  g_free (self);
}

static void
add_item (EqsBook *self, const char *kind, EqsMap *map)
{
  eqs_map_insert (map, 0, "kind", eqs_value_new_string (kind));
  g_ptr_array_add (self->items, eqs_value_new_object (map));
}

static void
end_table (EqsBook *self)
{
  g_auto (GStrv) columns = self->columns == NULL ? NULL : g_strsplit (self->columns, "|", -1);
  EqsMap        *map;

  if (columns == NULL)
    return;
  map = eqs_map_new ();
  eqs_map_set (map, "columns", eqs_value_new_strings ((const char *const *) columns));
  eqs_map_set (map, "rows", list_of (self->rows));
  add_item (self, "table", map);
  g_ptr_array_set_size (self->rows, 0);
  g_clear_pointer (&self->columns, g_free);
}

static void
end_section (EqsBook *self)
{
  EqsMap *map;

  end_table (self);
  if (self->title == NULL)
    return;
  map = eqs_map_new ();
  eqs_map_set (map, "number", eqs_value_new_number (self->sections->len));
  eqs_map_set (map, "title", eqs_value_new_string (self->title));
  eqs_map_set (map, "items", list_of (self->items));
  g_ptr_array_add (self->sections, eqs_value_new_object (map));
  g_ptr_array_set_size (self->items, 0);
  g_clear_pointer (&self->title, g_free);
}

void
eqs_book_section (EqsBook *self, const char *title)
{
  end_section (self);
  self->title = g_strdup (title);
}

static void
add_text (EqsBook *self, const char *kind, const char *text)
{
  EqsMap *map = eqs_map_new ();

  end_table (self);
  eqs_map_set (map, "text", eqs_value_new_string (text));
  add_item (self, kind, map);
}

void
eqs_book_text (EqsBook *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list          args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  add_text (self, "text", text);
}

void
eqs_book_code (EqsBook *self, const char *text)
{
  add_text (self, "code", text);
}

const char *
eqs_origin_name (EqsOrigin origin)
{
  static const char *const names[] = { "measured", "computed", "stated", "rule of thumb" };

  return names[origin];
}

void
eqs_book_figure (EqsBook *self, EqsOrigin origin, const char *name, const char *format, ...)
{
  EqsMap          *map = eqs_map_new ();
  g_autofree char *text = NULL;
  va_list          args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  end_table (self);
  eqs_map_set (map, "name", eqs_value_new_string (name));
  eqs_map_set (map, "value", eqs_value_new_string (text));
  eqs_map_set (map, "origin", eqs_value_new_string (eqs_origin_name (origin)));
  add_item (self, "figure", map);
}

void
eqs_book_table (EqsBook *self, const char *columns)
{
  end_table (self);
  self->columns = g_strdup (columns);
}

void
eqs_book_row (EqsBook *self, const char *first, ...)
{
  g_autoptr (GPtrArray) cells = values_new ();
  va_list               args;

  va_start (args, first);
  for (const char *cell = first; cell != NULL; cell = va_arg (args, const char *))
    g_ptr_array_add (cells, eqs_value_new_string (cell));
  va_end (args);
  g_ptr_array_add (self->rows, list_of (cells));
}

EqsValue *
eqs_book_to_value (EqsBook *self)
{
  end_section (self);
  return list_of (self->sections);
}

/* ---- Markdown ---- */

/* Cells: no line ends, and "|" and the signs of Markdown as themselves. */
static void
append_escaped (GString *md, const char *text)
{
  for (; *text != '\0'; text++)
    {
      if (strchr ("|*_`<>\\", *text) != NULL)
        g_string_append_c (md, '\\');
      g_string_append_c (md, *text == '\n' ? ' ' : *text);
    }
}

static void
append_row (GString *md, const EqsValue *cells)
{
  for (guint i = 0; i < eqs_value_get_length (cells); i++)
    {
      g_string_append (md, i == 0 ? "| " : " | ");
      append_escaped (md, eqs_value_get_string (eqs_value_get_item (cells, i)));
    }
  g_string_append (md, " |\n");
}

static void
append_table (GString *md, const EqsMap *item)
{
  const EqsValue *columns = eqs_map_get (item, "columns"), *rows = eqs_map_get (item, "rows");

  append_row (md, columns);
  for (guint i = 0; i < eqs_value_get_length (columns); i++)
    g_string_append (md, "|---");
  g_string_append (md, "|\n");
  for (guint i = 0; i < eqs_value_get_length (rows); i++)
    append_row (md, eqs_value_get_item (rows, i));
  g_string_append_c (md, '\n');
}

char *
eqs_book_to_markdown (const EqsValue *sections)
{
  GString *md = g_string_new (NULL);

  for (guint s = 0; s < eqs_value_get_length (sections); s++)
    {
      const EqsMap   *section = eqs_value_get_map (eqs_value_get_item (sections, s));
      const EqsValue *items = eqs_map_get (section, "items");
      gboolean        figures = FALSE;

      g_string_append_printf (md, "## %d %s\n\n", (int) eqs_map_get_number (section, "number", 0), eqs_map_get_string (section, "title", ""));
      for (guint i = 0; i < eqs_value_get_length (items); i++)
        {
          const EqsMap  *item = eqs_value_get_map (eqs_value_get_item (items, i));
          const char    *kind = eqs_map_get_string (item, "kind", "");
          const gboolean figure = strcmp (kind, "figure") == 0;

          if (figure && !figures)
            g_string_append (md, "| Figure | Value | Origin |\n|---|---|---|\n");
          if (!figure && figures)
            g_string_append_c (md, '\n');
          figures = figure;
          if (figure)
            {
              g_string_append (md, "| ");
              append_escaped (md, eqs_map_get_string (item, "name", ""));
              g_string_append (md, " | ");
              append_escaped (md, eqs_map_get_string (item, "value", ""));
              g_string_append_printf (md, " | %s |\n", eqs_map_get_string (item, "origin", ""));
            }
          else if (strcmp (kind, "table") == 0)
            append_table (md, item);
          else if (strcmp (kind, "code") == 0)
            g_string_append_printf (md, "```\n%s\n```\n\n", eqs_map_get_string (item, "text", ""));
          else
            g_string_append_printf (md, "%s\n\n", eqs_map_get_string (item, "text", ""));
        }
      if (figures)
        g_string_append_c (md, '\n');
    }
  return g_string_free (md, FALSE);
}
