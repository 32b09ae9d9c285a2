/* Values are immutable trees with shared parts. Changing one setting of a node makes a new map with one new value and
 * the old others, so an undo step costs a few pointers and can restore exactly what was there, order included. */

#include "model/value.h"
#include "model/value-private.h"
#include "model/json.h"

#include <math.h>
#include <string.h>

struct _EqsValue
{
  EqsValueType type;
  guint        line;
  union
  {
    gboolean flag;
    double   number;
    char    *string;                                /* owned */
    struct { EqsValue **items; guint n; } list;     /* owned */
    EqsMap  *map;                                   /* owned */
  } u;
};

typedef struct
{
  char     *key;      /* owned */
  EqsValue *value;    /* owned */
} Entry;

struct _EqsMap
{
  Entry *entries;     /* owned */
  guint  n, capacity;
};

G_DEFINE_BOXED_TYPE (EqsValue, eqs_value, eqs_value_ref, eqs_value_unref)
G_DEFINE_BOXED_TYPE (EqsMap, eqs_map, eqs_map_ref, eqs_map_unref)

/* Values */

static EqsValue *
value_new (EqsValueType type)
{
  EqsValue *self = g_atomic_rc_box_new0 (EqsValue);

  self->type = type;
  return self;
}

EqsValue *
eqs_value_new_null (void)
{
  return value_new (EQS_VALUE_NULL);
}

EqsValue *
eqs_value_new_bool (gboolean flag)
{
  EqsValue *self = value_new (EQS_VALUE_BOOL);

  self->u.flag = !!flag;
  return self;
}

EqsValue *
eqs_value_new_number (double number)
{
  EqsValue *self;

  g_return_val_if_fail (isfinite (number), NULL);
  self = value_new (EQS_VALUE_NUMBER);
  self->u.number = number;
  return self;
}

EqsValue *
eqs_value_new_string (const char *text)
{
  EqsValue *self;

  g_return_val_if_fail (text != NULL && g_utf8_validate (text, -1, NULL), NULL);
  self = value_new (EQS_VALUE_STRING);
  self->u.string = g_strdup (text);
  return self;
}

EqsValue *
eqs_value_new_list (EqsValue *const *items, guint n)
{
  EqsValue *self = value_new (EQS_VALUE_LIST);

  self->u.list.items = n == 0 ? NULL : g_new (EqsValue *, n);
  self->u.list.n = n;
  for (guint i = 0; i < n; i++)
    self->u.list.items[i] = eqs_value_ref (items[i]);
  return self;
}

EqsValue *
eqs_value_new_numbers (const double *numbers, guint n)
{
  EqsValue *self = value_new (EQS_VALUE_LIST);

  self->u.list.items = n == 0 ? NULL : g_new (EqsValue *, n);
  self->u.list.n = n;
  for (guint i = 0; i < n; i++)
    self->u.list.items[i] = eqs_value_new_number (numbers[i]);
  return self;
}

EqsValue *
eqs_value_new_strings (const char *const *strings)
{
  const guint n = g_strv_length ((char **) strings);
  EqsValue *self = value_new (EQS_VALUE_LIST);

  self->u.list.items = n == 0 ? NULL : g_new (EqsValue *, n);
  self->u.list.n = n;
  for (guint i = 0; i < n; i++)
    self->u.list.items[i] = eqs_value_new_string (strings[i]);
  return self;
}

EqsValue *
eqs_value_new_object (EqsMap *map)
{
  EqsValue *self = value_new (EQS_VALUE_OBJECT);

  self->u.map = map;
  return self;
}

EqsValue *
eqs_value_new_typed (const char *text)
{
  EqsValue *value = eqs_json_parse (text, strlen (text), NULL);

  return value != NULL ? value : eqs_value_new_string (text);
}

EqsValue *
eqs_value_ref (EqsValue *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
value_clear (gpointer data)
{
  EqsValue *self = data;

  if (self->type == EQS_VALUE_STRING)
    g_free (self->u.string);
  else if (self->type == EQS_VALUE_OBJECT)
    eqs_map_unref (self->u.map);
  else if (self->type == EQS_VALUE_LIST)
    {
      for (guint i = 0; i < self->u.list.n; i++)
        eqs_value_unref (self->u.list.items[i]);
      g_free (self->u.list.items);
    }
}

void
eqs_value_unref (EqsValue *self)
{
  g_atomic_rc_box_release_full (self, value_clear);
}

EqsValueType
eqs_value_get_kind (const EqsValue *self)
{
  return self->type;
}

gboolean
eqs_value_get_bool (const EqsValue *self)
{
  return self->type == EQS_VALUE_BOOL && self->u.flag;
}

double
eqs_value_get_number (const EqsValue *self)
{
  return self->type == EQS_VALUE_NUMBER ? self->u.number : 0.0;
}

const char *
eqs_value_get_string (const EqsValue *self)
{
  return self->type == EQS_VALUE_STRING ? self->u.string : NULL;
}

guint
eqs_value_get_length (const EqsValue *self)
{
  return self->type == EQS_VALUE_LIST ? self->u.list.n : 0;
}

EqsValue *
eqs_value_get_item (const EqsValue *self, guint index)
{
  g_return_val_if_fail (index < eqs_value_get_length (self), NULL);
  return self->u.list.items[index];
}

const EqsMap *
eqs_value_get_map (const EqsValue *self)
{
  return self->type == EQS_VALUE_OBJECT ? self->u.map : NULL;
}

static gboolean
is_list_of (const EqsValue *self, EqsValueType type)
{
  if (self->type != EQS_VALUE_LIST)
    return FALSE;
  for (guint i = 0; i < self->u.list.n; i++)
    if (self->u.list.items[i]->type != type)
      return FALSE;
  return TRUE;
}

gboolean
eqs_value_is_numbers (const EqsValue *self)
{
  return is_list_of (self, EQS_VALUE_NUMBER);
}

gboolean
eqs_value_is_strings (const EqsValue *self)
{
  return is_list_of (self, EQS_VALUE_STRING);
}

static gboolean
map_equal (const EqsMap *a, const EqsMap *b)
{
  if (a->n != b->n)
    return FALSE;
  for (guint i = 0; i < a->n; i++)
    if (strcmp (a->entries[i].key, b->entries[i].key) != 0
        || !eqs_value_equal (a->entries[i].value, b->entries[i].value))
      return FALSE;
  return TRUE;
}

gboolean
eqs_value_equal (const EqsValue *a, const EqsValue *b)
{
  if (a == b)
    return TRUE;
  if (a == NULL || b == NULL || a->type != b->type)
    return FALSE;

  switch (a->type)
    {
    case EQS_VALUE_NULL:
      return TRUE;
    case EQS_VALUE_BOOL:
      return a->u.flag == b->u.flag;
    case EQS_VALUE_NUMBER:   /* 0 and -0 are written differently */
      return a->u.number == b->u.number && signbit (a->u.number) == signbit (b->u.number);
    case EQS_VALUE_STRING:
      return strcmp (a->u.string, b->u.string) == 0;
    case EQS_VALUE_OBJECT:
      return map_equal (a->u.map, b->u.map);
    case EQS_VALUE_LIST:
    default:
      if (a->u.list.n != b->u.list.n)
        return FALSE;
      for (guint i = 0; i < a->u.list.n; i++)
        if (!eqs_value_equal (a->u.list.items[i], b->u.list.items[i]))
          return FALSE;
      return TRUE;
    }
}

guint
eqs_value_get_line (const EqsValue *self)
{
  return self->line;
}

void
eqs_value_set_line (EqsValue *self, guint line)
{
  self->line = line;
}

/* Text */

void
eqs_text_append_number (GString *text, double number)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  for (int digits = 15; digits <= 17; digits++)
    {
      const char format[] = { '%', '.', '1', (char) ('0' + digits - 10), 'g', 0 };

      g_ascii_formatd (buffer, sizeof buffer, format, number);
      if (g_ascii_strtod (buffer, NULL) == number)
        break;
    }
  g_string_append (text, buffer);
}

void
eqs_text_append_string (GString *text, const char *string)
{
  g_string_append_c (text, '"');
  for (const char *p = string; *p != 0; p++)
    {
      const guchar c = (guchar) *p;

      if (c == '"' || c == '\\')
        g_string_append_printf (text, "\\%c", c);
      else if (c == '\n')
        g_string_append (text, "\\n");
      else if (c == '\t')
        g_string_append (text, "\\t");
      else if (c < 0x20 || c == 0x7f)
        g_string_append_printf (text, "\\u%04x", c);
      else
        g_string_append_c (text, *p);
    }
  g_string_append_c (text, '"');
}

static void
append_map (const EqsMap *map, GString *text)
{
  g_string_append_c (text, '{');
  for (guint i = 0; i < map->n; i++)
    {
      g_string_append (text, i == 0 ? "" : ", ");
      eqs_text_append_string (text, map->entries[i].key);
      g_string_append (text, ": ");
      eqs_value_append_text (map->entries[i].value, text);
    }
  g_string_append_c (text, '}');
}

void
eqs_value_append_text (const EqsValue *self, GString *text)
{
  switch (self->type)
    {
    case EQS_VALUE_NULL:
      g_string_append (text, "null");
      break;
    case EQS_VALUE_BOOL:
      g_string_append (text, self->u.flag ? "true" : "false");
      break;
    case EQS_VALUE_NUMBER:
      eqs_text_append_number (text, self->u.number);
      break;
    case EQS_VALUE_STRING:
      eqs_text_append_string (text, self->u.string);
      break;
    case EQS_VALUE_OBJECT:
      append_map (self->u.map, text);
      break;
    case EQS_VALUE_LIST:
    default:
      g_string_append_c (text, '[');
      for (guint i = 0; i < self->u.list.n; i++)
        {
          g_string_append (text, i == 0 ? "" : ", ");
          eqs_value_append_text (self->u.list.items[i], text);
        }
      g_string_append_c (text, ']');
    }
}

char *
eqs_value_to_text (const EqsValue *self)
{
  GString *text = g_string_new (NULL);

  eqs_value_append_text (self, text);
  return g_string_free (text, FALSE);
}

/* Maps */

EqsMap *
eqs_map_new (void)
{
  return g_atomic_rc_box_new0 (EqsMap);
}

EqsMap *
eqs_map_copy (const EqsMap *self)
{
  EqsMap *copy = eqs_map_new ();

  for (guint i = 0; i < self->n; i++)
    eqs_map_insert (copy, -1, self->entries[i].key, eqs_value_ref (self->entries[i].value));
  return copy;
}

EqsMap *
eqs_map_ref (EqsMap *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
map_clear (gpointer data)
{
  EqsMap *self = data;

  for (guint i = 0; i < self->n; i++)
    {
      g_free (self->entries[i].key);
      eqs_value_unref (self->entries[i].value);
    }
  g_free (self->entries);
}

void
eqs_map_unref (EqsMap *self)
{
  g_atomic_rc_box_release_full (self, map_clear);
}

guint
eqs_map_get_size (const EqsMap *self)
{
  return self == NULL ? 0 : self->n;
}

const char *
eqs_map_get_key (const EqsMap *self, guint index)
{
  g_return_val_if_fail (index < self->n, NULL);
  return self->entries[index].key;
}

EqsValue *
eqs_map_get_value (const EqsMap *self, guint index)
{
  g_return_val_if_fail (index < self->n, NULL);
  return self->entries[index].value;
}

int
eqs_map_find (const EqsMap *self, const char *key)
{
  if (self != NULL)
    for (guint i = 0; i < self->n; i++)
      if (strcmp (self->entries[i].key, key) == 0)
        return (int) i;
  return -1;
}

EqsValue *
eqs_map_get (const EqsMap *self, const char *key)
{
  const int index = eqs_map_find (self, key);

  return index < 0 ? NULL : self->entries[index].value;
}

gboolean
eqs_map_get_bool (const EqsMap *self, const char *key, gboolean fallback)
{
  const EqsValue *value = eqs_map_get (self, key);

  return value != NULL && value->type == EQS_VALUE_BOOL ? value->u.flag : fallback;
}

double
eqs_map_get_number (const EqsMap *self, const char *key, double fallback)
{
  const EqsValue *value = eqs_map_get (self, key);

  return value != NULL && value->type == EQS_VALUE_NUMBER ? value->u.number : fallback;
}

guint64
eqs_map_get_count (const EqsMap *self, const char *key, guint64 max, guint64 fallback)
{
  const double number = eqs_map_get_number (self, key, -1);

  /* 2^53: above it not every whole number is a double. */
  return number >= 0 && number <= 9007199254740992.0 && number <= (double) max && number == floor (number) ? (guint64) number : fallback;
}

const char *
eqs_map_get_string (const EqsMap *self, const char *key, const char *fallback)
{
  const EqsValue *value = eqs_map_get (self, key);

  return value != NULL && value->type == EQS_VALUE_STRING ? value->u.string : fallback;
}

void
eqs_map_insert (EqsMap *self, int index, const char *key, EqsValue *value)
{
  const guint at = index < 0 || (guint) index > self->n ? self->n : (guint) index;

  if (self->n == self->capacity)
    {
      self->capacity = self->capacity == 0 ? 4 : 2 * self->capacity;
      self->entries = g_renew (Entry, self->entries, self->capacity);
    }
  memmove (self->entries + at + 1, self->entries + at, (self->n - at) * sizeof (Entry));
  self->entries[at].key = g_strdup (key);
  self->entries[at].value = value;
  self->n++;
}

void
eqs_map_set (EqsMap *self, const char *key, EqsValue *value)
{
  const int index = eqs_map_find (self, key);

  g_return_if_fail (value != NULL);
  if (index < 0)
    {
      eqs_map_insert (self, -1, key, value);
      return;
    }
  eqs_value_unref (self->entries[index].value);
  self->entries[index].value = value;
}

void
eqs_map_set_number (EqsMap *self, const char *key, double number)
{
  if (isfinite (number))
    eqs_map_set (self, key, eqs_value_new_number (number));
  else
    eqs_map_remove (self, key);
}

gboolean
eqs_map_remove (EqsMap *self, const char *key)
{
  const int index = eqs_map_find (self, key);

  if (index < 0)
    return FALSE;
  g_free (self->entries[index].key);
  eqs_value_unref (self->entries[index].value);
  self->n--;
  memmove (self->entries + index, self->entries + index + 1, (self->n - (guint) index) * sizeof (Entry));
  return TRUE;
}
