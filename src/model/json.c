/* cJSON reads; what it leaves open is done here. One scan over the text comes first: it bounds depth and number of
 * values before anything is allocated, and writes down the line on which each value begins, in the order in which the
 * tree is walked afterwards. So every value knows its line and a sentence about it can name that line. */

#include "model/json.h"
#include "model/error.h"
#include "model/value-private.h"

#include <cjson/cJSON.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

typedef struct
{
  const char *p, *end;
  guint       line;
  guint       depth;
  gboolean    wants_key;                    /* the next string is a key */
  char        stack[EQS_JSON_MAX_DEPTH];    /* '{' or '[' for each open container */
  GArray     *lines;                        /* owned: guint for each value, in order */
} Scan;

typedef struct
{
  const GArray *lines;
  guint         next;
} Convert;

static gboolean
begin_value (Scan *scan, GError **error)
{
  if (scan->lines->len >= EQS_JSON_MAX_VALUES)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT,
                   _("Line %u: there are more than %d values in this file."), scan->line, EQS_JSON_MAX_VALUES);
      return FALSE;
    }
  g_array_append_val (scan->lines, scan->line);
  return TRUE;
}

static gboolean
scan_string (Scan *scan, GError **error)
{
  for (scan->p++; scan->p < scan->end && *scan->p != '"'; scan->p++)
    {
      if (*scan->p == '\n')
        scan->line++;
      if (*scan->p != '\\' || scan->p + 1 >= scan->end)
        continue;
      scan->p++;
      if (scan->end - scan->p >= 5 && memcmp (scan->p, "u0000", 5) == 0)
        {
          g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_PARSE,
                       _("Line %u: a text contains the character \\u0000, which cannot be kept."), scan->line);
          return FALSE;
        }
    }
  if (scan->p < scan->end)
    scan->p++;
  return TRUE;
}

static gboolean
scan_open (Scan *scan, GError **error)
{
  if (!begin_value (scan, error))
    return FALSE;
  if (scan->depth == EQS_JSON_MAX_DEPTH)
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_LIMIT, _("Line %u: nested more than %d levels deep."),
                   scan->line, EQS_JSON_MAX_DEPTH);
      return FALSE;
    }
  scan->stack[scan->depth++] = *scan->p;
  scan->wants_key = *scan->p++ == '{';
  return TRUE;
}

/* Walks over the text without judging its grammar; that is cJSON's part. */
static gboolean
scan_text (Scan *scan, GError **error)
{
  while (scan->p < scan->end)
    switch (*scan->p)
      {
      case '\n':
        scan->line++;
        scan->p++;
        break;
      case ' ': case '\t': case '\r':
        scan->p++;
        break;
      case '{': case '[':
        if (!scan_open (scan, error))
          return FALSE;
        break;
      case '}': case ']':
        scan->depth -= scan->depth > 0;
        scan->wants_key = FALSE;
        scan->p++;
        break;
      case ',':
        scan->wants_key = scan->depth > 0 && scan->stack[scan->depth - 1] == '{';
        scan->p++;
        break;
      case ':':
        scan->wants_key = FALSE;
        scan->p++;
        break;
      case '"':
        if (!scan->wants_key && !begin_value (scan, error))
          return FALSE;
        scan->wants_key = FALSE;
        if (!scan_string (scan, error))
          return FALSE;
        break;
      default:
        if (!begin_value (scan, error))
          return FALSE;
        while (scan->p < scan->end && strchr (",:]}[{\" \t\r\n", *scan->p) == NULL)
          scan->p++;
      }
  return TRUE;
}

static gboolean
has_key_twice (const EqsMap *map, const char *key, GHashTable *seen)
{
  return seen != NULL ? !g_hash_table_add (seen, (gpointer) key) : eqs_map_find (map, key) >= 0;
}

static EqsValue *convert (const cJSON *json, Convert *ctx, GError **error);

static EqsValue *
convert_object (const cJSON *json, Convert *ctx, guint line, GError **error)
{
  g_autoptr (EqsMap) map = eqs_map_new ();
  g_autoptr (GHashTable) seen = NULL;   /* keys of a large object: a linear search each would be quadratic */

  if (cJSON_GetArraySize (json) > 32)
    seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (const cJSON *child = json->child; child != NULL; child = child->next)
    {
      EqsValue *value;

      if (has_key_twice (map, child->string, seen))
        {
          g_autofree char *shown = eqs_error_quote (child->string);

          g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_PARSE,
                       _("Line %u: “%s” is given twice in one object."), line, shown);
          return NULL;
        }
      value = convert (child, ctx, error);
      if (value == NULL)
        return NULL;
      eqs_map_insert (map, -1, child->string, value);
    }
  return eqs_value_new_object (g_steal_pointer (&map));
}

static EqsValue *
convert_list (const cJSON *json, Convert *ctx, GError **error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) eqs_value_unref);

  for (const cJSON *child = json->child; child != NULL; child = child->next)
    {
      EqsValue *value = convert (child, ctx, error);

      if (value == NULL)
        return NULL;
      g_ptr_array_add (items, value);
    }
  return eqs_value_new_list ((EqsValue *const *) items->pdata, items->len);
}

static EqsValue *
convert (const cJSON *json, Convert *ctx, GError **error)
{
  const guint line = ctx->next < ctx->lines->len ? g_array_index (ctx->lines, guint, ctx->next) : 0;
  EqsValue *value = NULL;

  ctx->next++;
  if (cJSON_IsObject (json))
    value = convert_object (json, ctx, line, error);
  else if (cJSON_IsArray (json))
    value = convert_list (json, ctx, error);
  else if (cJSON_IsString (json))
    value = eqs_value_new_string (json->valuestring);
  else if (cJSON_IsBool (json))
    value = eqs_value_new_bool (cJSON_IsTrue (json));
  else if (cJSON_IsNull (json))
    value = eqs_value_new_null ();
  else if (isfinite (json->valuedouble))
    value = eqs_value_new_number (json->valuedouble);
  else
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_PARSE,
                 _("Line %u: a number is too large to be stored (the largest is about 1.8e308)."), line);

  if (value != NULL)
    eqs_value_set_line (value, line);
  return value;
}

static guint
line_at (const char *text, const char *p)
{
  guint line = 1;

  for (; text < p; text++)
    line += *text == '\n';
  return line;
}

static void
set_syntax_error (const char *text, gsize length, const char *p, const Scan *scan, GError **error)
{
  const char *end = text + length;
  g_autofree char *start = NULL;
  g_autofree char *near = NULL;

  while (end > text && g_ascii_isspace (end[-1]))
    end--;
  if (end == text)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_PARSE, _("The file is empty."));
  else if (p == NULL || p >= end || scan->depth > 0)
    g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_PARSE,
                 _("Line %u: the file ends in the middle of a value; it has been cut off or a bracket or quote is missing."),
                 line_at (text, p == NULL || p > end ? end : p));
  else
    {
      const char *stop;

      while (p > text && (*p & 0xc0) == 0x80)   /* cJSON stops at a byte, a sentence at a character */
        p--;
      stop = p;
      for (int i = 0; i < 16 && stop < end && *stop != '\n'; i++)
        stop = g_utf8_next_char (stop);
      start = g_strndup (p, (gsize) (MIN (stop, end) - p));
      near = eqs_error_quote (start);
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_PARSE, _("Line %u: this is not JSON, near “%s”."),
                   line_at (text, p), near);
    }
}

EqsValue *
eqs_json_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autofree char *copy = NULL;
  Scan scan = { .line = 1, .lines = lines };
  Convert ctx = { .lines = lines };
  const char *bad = NULL;
  EqsValue *value;
  cJSON *json;

  if (length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)   /* byte order mark */
    {
      text += 3;
      length -= 3;
    }
  if (!g_utf8_validate (text, (gssize) length, &bad))
    {
      g_set_error (error, EQS_MODEL_ERROR, EQS_MODEL_ERROR_PARSE, _("Line %u: this is not UTF-8 text."),
                   line_at (text, bad));
      return NULL;
    }
  scan.p = text;
  scan.end = text + length;
  if (!scan_text (&scan, error))
    return NULL;

  /* cJSON 1.7.15 may look one byte past an unterminated buffer: give it one that ends with 0. */
  copy = g_malloc (length + 1);
  memcpy (copy, text, length);
  copy[length] = 0;
  json = cJSON_ParseWithLengthOpts (copy, length + 1, &bad, TRUE);
  if (json == NULL)
    {
      set_syntax_error (copy, length, bad, &scan, error);
      return NULL;
    }
  value = convert (json, &ctx, error);
  cJSON_Delete (json);
  return value;
}
