/* Settings of a node: parsing of the text form, checks against a layer's description, readers with defaults. */

#include "eqk/settings.h"
#include "core/memory.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct EqkSettings
{
  EqkSetting *items;
  int         n, room;
};

static char *
copy_text (const char *text, size_t length)
{
  char *copy = eqk_malloc (length + 1);

  if (copy != NULL)
    {
      memcpy (copy, text, length);
      copy[length] = '\0';
    }
  return copy;
}

static void
clear_value (EqkSetting *item)
{
  free ((char *) item->text);
  free ((double *) item->list);
  item->text = NULL;
  item->list = NULL;
  item->n = 0;
}

EqkSettings *
eqk_settings_new (void)
{
  return eqk_calloc (1, sizeof (EqkSettings));
}

void
eqk_settings_free (EqkSettings *self)
{
  if (self == NULL)
    return;
  for (int i = 0; i < self->n; i++)
    {
      clear_value (&self->items[i]);
      free ((char *) self->items[i].name);
    }
  free (self->items);
  free (self);
}

/* The slot of this name, emptied; made when there is none. */
static EqkSetting *
slot (EqkSettings *self, const char *name)
{
  for (int i = 0; i < self->n; i++)
    if (strcmp (self->items[i].name, name) == 0)
      {
        clear_value (&self->items[i]);
        return &self->items[i];
      }
  if (self->n == self->room)
    {
      const int   room = self->room == 0 ? 8 : 2 * self->room;
      EqkSetting *items = eqk_realloc (self->items, (size_t) room * sizeof *items);

      if (items == NULL)
        return NULL;
      self->items = items;
      self->room = room;
    }
  memset (&self->items[self->n], 0, sizeof (EqkSetting));
  self->items[self->n].name = copy_text (name, strlen (name));
  if (self->items[self->n].name == NULL)
    return NULL;
  return &self->items[self->n++];
}

EqkStatus
eqk_settings_set_number (EqkSettings *self, const char *name, double value)
{
  EqkSetting *item = slot (self, name);

  if (item == NULL)
    return EQK_ERR_NO_MEMORY;
  item->kind = EQK_SETTING_NUMBER;
  item->number = value;
  return EQK_OK;
}

EqkStatus
eqk_settings_set_bool (EqkSettings *self, const char *name, bool value)
{
  EqkSetting *item = slot (self, name);

  if (item == NULL)
    return EQK_ERR_NO_MEMORY;
  item->kind = EQK_SETTING_BOOL;
  item->number = value;
  return EQK_OK;
}

EqkStatus
eqk_settings_set_text (EqkSettings *self, const char *name, const char *value)
{
  EqkSetting *item = slot (self, name);

  if (item == NULL)
    return EQK_ERR_NO_MEMORY;
  item->kind = EQK_SETTING_TEXT;
  item->text = copy_text (value, strlen (value));
  return item->text == NULL ? EQK_ERR_NO_MEMORY : EQK_OK;
}

EqkStatus
eqk_settings_set_list (EqkSettings *self, const char *name, const double *values, int n)
{
  EqkSetting *item = slot (self, name);
  double     *list = eqk_malloc ((size_t) (n > 0 ? n : 1) * sizeof *list);

  if (item == NULL || list == NULL)
    {
      free (list);
      return EQK_ERR_NO_MEMORY;
    }
  if (n > 0)
    memcpy (list, values, (size_t) n * sizeof *list);
  item->kind = EQK_SETTING_LIST;
  item->list = list;
  item->n = n;
  return EQK_OK;
}

static EqkStatus
set_copy (EqkSettings *self, const EqkSetting *item)
{
  switch (item->kind)
    {
    case EQK_SETTING_NUMBER:
      return eqk_settings_set_number (self, item->name, item->number);
    case EQK_SETTING_BOOL:
      return eqk_settings_set_bool (self, item->name, item->number != 0);
    case EQK_SETTING_TEXT:
      return eqk_settings_set_text (self, item->name, item->text);
    case EQK_SETTING_LIST:
      return eqk_settings_set_list (self, item->name, item->list, item->n);
    }
  return EQK_ERR_INTERNAL;
}

EqkSettings *
eqk_settings_copy (const EqkSettings *self)
{
  EqkSettings *copy = eqk_settings_new ();

  for (int i = 0; copy != NULL && self != NULL && i < self->n; i++)
    if (set_copy (copy, &self->items[i]) != EQK_OK)
      {
        eqk_settings_free (copy);
        return NULL;
      }
  return copy;
}

int
eqk_settings_count (const EqkSettings *self)
{
  return self == NULL ? 0 : self->n;
}

const EqkSetting *
eqk_settings_at (const EqkSettings *self, int i)
{
  return &self->items[i];
}

const EqkSetting *
eqk_settings_find (const EqkSettings *self, const char *name)
{
  for (int i = 0; self != NULL && i < self->n; i++)
    if (strcmp (self->items[i].name, name) == 0)
      return &self->items[i];
  return NULL;
}

/* A number in the C locale's form, whatever the process's locale; false when the text is not wholly one. */
static bool
read_number (const char *text, size_t length, double *value)
{
  double sign = 1, mantissa = 0, scale = 1;
  size_t i = 0;
  bool   digits = false;

  if (i < length && (text[i] == '-' || text[i] == '+'))
    sign = text[i++] == '-' ? -1 : 1;
  for (; i < length && isdigit ((unsigned char) text[i]); i++, digits = true)
    mantissa = 10 * mantissa + (text[i] - '0');
  if (i < length && text[i] == '.')
    for (i++; i < length && isdigit ((unsigned char) text[i]); i++, digits = true)
      {
        mantissa = 10 * mantissa + (text[i] - '0');
        scale *= 10;
      }
  if (!digits)
    return false;
  if (i < length && (text[i] == 'e' || text[i] == 'E'))
    {
      int    exponent = 0, exponent_sign = 1;
      size_t first;

      i++;
      if (i < length && (text[i] == '-' || text[i] == '+'))
        exponent_sign = text[i++] == '-' ? -1 : 1;
      for (first = i; i < length && isdigit ((unsigned char) text[i]) && exponent < 1000; i++)
        exponent = 10 * exponent + (text[i] - '0');
      if (i == first)
        return false;
      if (exponent_sign < 0)
        scale *= pow (10, exponent);
      else
        mantissa *= pow (10, exponent);
    }
  *value = sign * mantissa / scale;
  return i == length;
}

static EqkStatus
parse_list (EqkSettings *self, const char *name, const char *text, size_t length)
{
  double values[256];
  int    n = 0;
  size_t begin = 0;

  for (size_t i = 0; i <= length; i++)
    if (i == length || text[i] == ',')
      {
        size_t b = begin, e = i;

        while (b < e && isspace ((unsigned char) text[b]))
          b++;
        while (e > b && isspace ((unsigned char) text[e - 1]))
          e--;
        begin = i + 1;
        if (b == e && n == 0 && i == length)
          break;
        if (n == 256 || !read_number (text + b, e - b, &values[n++]))
          return EQK_ERR_PARSE;
      }
  return eqk_settings_set_list (self, name, values, n);
}

static bool
is_word (const char *text, size_t length, const char *word)
{
  return strlen (word) == length && strncmp (text, word, length) == 0;
}

static EqkStatus
parse_value (EqkSettings *self, const char *name, const char *text, size_t length)
{
  double    number;
  char     *copy;
  EqkStatus status;

  if (length >= 2 && text[0] == '[' && text[length - 1] == ']')
    return parse_list (self, name, text + 1, length - 2);
  if (read_number (text, length, &number))
    return eqk_settings_set_number (self, name, number);
  if (is_word (text, length, "on") || is_word (text, length, "true"))
    return eqk_settings_set_bool (self, name, true);
  if (is_word (text, length, "off") || is_word (text, length, "false"))
    return eqk_settings_set_bool (self, name, false);
  copy = copy_text (text, length);
  if (copy == NULL)
    return EQK_ERR_NO_MEMORY;
  status = eqk_settings_set_text (self, name, copy);
  free (copy);
  return status;
}

/* Length of a name followed by '=' at text; 0 when there is none. */
static size_t
name_length (const char *text)
{
  size_t n = 0;

  while (isalnum ((unsigned char) text[n]) || text[n] == '_')
    n++;
  return n > 0 && text[n] == '=' ? n : 0;
}

EqkStatus
eqk_settings_parse (const char *text, EqkSettings **out, EqkDiag *diag)
{
  EqkSettings *self = eqk_settings_new ();
  const char  *p = text;
  EqkStatus    status = self == NULL ? EQK_ERR_NO_MEMORY : EQK_OK;

  while (status == EQK_OK)
    {
      size_t n, length = 0;
      char   name[64];

      while (isspace ((unsigned char) *p))
        p++;
      if (*p == '\0')
        break;
      n = name_length (p);
      if (n == 0 || n >= sizeof name)
        {
          status = eqk_fail (diag, EQK_ERR_PARSE, "a setting reads name=value");
          if (diag != NULL)
            diag->index = p - text;
          break;
        }
      memcpy (name, p, n);
      name[n] = '\0';
      p += n + 1;
      while (p[length] != '\0' && !(isspace ((unsigned char) p[length]) && name_length (p + length + 1) > 0))
        length++;
      n = length;
      while (n > 0 && isspace ((unsigned char) p[n - 1]))
        n--;
      status = parse_value (self, name, p, n);
      if (status == EQK_ERR_PARSE)
        {
          eqk_fail (diag, status, "the list of “%s” is not a list of numbers", name);
          if (diag != NULL)
            diag->index = p - text;
        }
      p += length;
    }
  if (status != EQK_OK)
    {
      eqk_settings_free (self);
      return status;
    }
  *out = self;
  return EQK_OK;
}

static const EqkParam *
find_param (const EqkParam *params, const char *name)
{
  for (const EqkParam *p = params; p != NULL && p->name != NULL; p++)
    if (strcmp (p->name, name) == 0)
      return p;
  return NULL;
}

static bool
is_choice (const char *choices, const char *text)
{
  const size_t length = strlen (text);

  for (const char *c = choices; c != NULL && *c != '\0';)
    {
      const size_t n = strcspn (c, "|");

      if (n == length && strncmp (c, text, n) == 0)
        return true;
      c += n + (c[n] == '|');
    }
  return false;
}

static EqkStatus
out_of_range (EqkDiag *diag, const EqkParam *param, double value)
{
  char allowed[96], found[48];

  snprintf (allowed, sizeof allowed, "%s from %g to %g", param->kind == EQK_PARAM_REAL ? "a number" : "a whole number", param->min, param->max);
  snprintf (found, sizeof found, "%g", value);
  return eqk_fail_expected (diag, EQK_ERR_LIMIT, param->name, allowed, found);
}

static EqkStatus
check_number (const EqkParam *param, double value, EqkDiag *diag)
{
  if (!isfinite (value) || value < param->min || value > param->max)
    return out_of_range (diag, param, value);
  if (param->kind != EQK_PARAM_REAL && value != floor (value))
    return out_of_range (diag, param, value);
  return EQK_OK;
}

/* A setting of the wrong kind: what it is, and a text between quotes, so that "5" is not taken for 5. */
static EqkStatus
wrong_kind (const EqkParam *param, const EqkSetting *item, EqkStatus status, const char *allowed, EqkDiag *diag)
{
  char found[160];

  switch (item->kind)
    {
    case EQK_SETTING_TEXT: snprintf (found, sizeof found, "the text “%.120s”", item->text); break;
    case EQK_SETTING_NUMBER: snprintf (found, sizeof found, "the number %g", item->number); break;
    case EQK_SETTING_BOOL: snprintf (found, sizeof found, "true or false"); break;
    default: snprintf (found, sizeof found, "a list"); break;
    }
  return eqk_fail_expected (diag, status, param->name, allowed, found);
}

static EqkStatus
check_one (const EqkParam *param, const EqkSetting *item, EqkDiag *diag)
{
  switch (param->kind)
    {
    case EQK_PARAM_INT:
    case EQK_PARAM_REAL:
      if (item->kind != EQK_SETTING_NUMBER)
        return wrong_kind (param, item, EQK_ERR_TYPE, "a number", diag);
      return check_number (param, item->number, diag);
    case EQK_PARAM_BOOL:
      if (item->kind != EQK_SETTING_BOOL)
        return wrong_kind (param, item, EQK_ERR_TYPE, "true or false", diag);
      return EQK_OK;
    case EQK_PARAM_CHOICE:
      if (item->kind != EQK_SETTING_TEXT)
        return wrong_kind (param, item, EQK_ERR_LIMIT, param->choices, diag);
      if (!is_choice (param->choices, item->text))
        return eqk_fail_expected (diag, EQK_ERR_LIMIT, param->name, param->choices, item->text);
      return EQK_OK;
    case EQK_PARAM_REP:
    case EQK_PARAM_TEXT:
    case EQK_PARAM_GROUP:
      if (item->kind != EQK_SETTING_TEXT)
        return wrong_kind (param, item, EQK_ERR_TYPE, "a text", diag);
      return EQK_OK;
    case EQK_PARAM_INT_LIST:
      if (item->kind != EQK_SETTING_LIST || item->n > 64)
        return wrong_kind (param, item, EQK_ERR_TYPE, "a list of at most 64 whole numbers", diag);
      for (int i = 0; i < item->n; i++)
        {
          const EqkStatus status = check_number (param, item->list[i], diag);

          if (status != EQK_OK)
            return status;
        }
      return EQK_OK;
    }
  return EQK_ERR_INTERNAL;
}

/* A misspelt name: those there are. */
static EqkStatus
fail_unknown (const EqkParam *params, const char *name, EqkDiag *diag)
{
  char   names[400] = "one of: ";
  size_t n = strlen (names);

  for (const EqkParam *p = params; p != NULL && p->name != NULL && n + strlen (p->name) + 2 < sizeof names; p++)
    n += (size_t) snprintf (names + n, sizeof names - n, "%s%s", p == params ? "" : ", ", p->name);
  return eqk_fail_expected (diag, EQK_ERR_NAME, name, params == NULL || params->name == NULL ? "no settings" : names, "a setting that is not known");
}

EqkStatus
eqk_settings_check (const EqkSettings *self, const EqkParam *params, EqkDiag *diag)
{
  for (int i = 0; i < eqk_settings_count (self); i++)
    {
      const EqkParam *param = find_param (params, self->items[i].name);
      EqkStatus       status;

      if (param == NULL)
        return fail_unknown (params, self->items[i].name, diag);
      status = check_one (param, &self->items[i], diag);
      if (status != EQK_OK)
        return status;
    }
  for (const EqkParam *p = params; p != NULL && p->name != NULL; p++)
    if (p->fallback == NULL && eqk_settings_find (self, p->name) == NULL)
      return eqk_fail_expected (diag, EQK_ERR_NAME, p->name, "a value", "nothing");
  return EQK_OK;
}

double
eqk_settings_real (const EqkSettings *self, const EqkParam *params, const char *name)
{
  const EqkSetting *item = eqk_settings_find (self, name);
  const EqkParam   *param;
  double            value = 0;

  if (item != NULL)
    return item->number;
  param = find_param (params, name);
  if (param != NULL && param->fallback != NULL)
    read_number (param->fallback, strlen (param->fallback), &value);
  return value;
}

int
eqk_settings_int (const EqkSettings *self, const EqkParam *params, const char *name)
{
  return (int) eqk_settings_real (self, params, name);
}

bool
eqk_settings_bool (const EqkSettings *self, const EqkParam *params, const char *name)
{
  const EqkSetting *item = eqk_settings_find (self, name);
  const EqkParam   *param;

  if (item != NULL)
    return item->number != 0;
  param = find_param (params, name);
  return param != NULL && param->fallback != NULL && (strcmp (param->fallback, "on") == 0 || strcmp (param->fallback, "true") == 0);
}

const char *
eqk_settings_text (const EqkSettings *self, const EqkParam *params, const char *name)
{
  const EqkSetting *item = eqk_settings_find (self, name);
  const EqkParam   *param;

  if (item != NULL)
    return item->text == NULL ? "" : item->text;
  param = find_param (params, name);
  return param != NULL && param->fallback != NULL ? param->fallback : "";
}

int
eqk_settings_ints (const EqkSettings *self, const EqkParam *params, const char *name, int *out, int max)
{
  const EqkSetting *item = eqk_settings_find (self, name);
  const EqkParam   *param = find_param (params, name);
  EqkSettings      *defaults = NULL;
  int               n = 0;

  if (item == NULL && param != NULL && param->fallback != NULL && (defaults = eqk_settings_new ()) != NULL)
    {
      parse_value (defaults, name, param->fallback, strlen (param->fallback));
      item = eqk_settings_find (defaults, name);
    }
  if (item != NULL && item->kind == EQK_SETTING_LIST)
    for (n = 0; n < item->n; n++)
      if (n < max)
        out[n] = (int) item->list[n];
  eqk_settings_free (defaults);
  return n;
}
