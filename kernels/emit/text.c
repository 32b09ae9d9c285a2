/* Growing texts. */

#include "emit/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
reserve (EqkText *self, size_t extra)
{
  if (self->failed || extra > SIZE_MAX / 4)
    {
      self->failed = true;
      return false;
    }
  if (self->length + extra + 1 > self->room)
    {
      const size_t room = 2 * (self->length + extra + 1);
      char        *grown = realloc (self->data, room);

      if (grown == NULL)
        {
          self->failed = true;
          return false;
        }
      self->data = grown;
      self->room = room;
    }
  return true;
}

void
eqk_text_append (EqkText *self, const char *text, size_t length)
{
  if (!reserve (self, length))
    return;
  memcpy (self->data + self->length, text, length);
  self->length += length;
  self->data[self->length] = '\0';
}

void
eqk_text_addv (EqkText *self, const char *format, va_list args)
{
  va_list again;
  int     n;

  va_copy (again, args);
  n = vsnprintf (NULL, 0, format, args);
  if (n < 0)
    self->failed = true;
  else if (reserve (self, (size_t) n))
    {
      vsnprintf (self->data + self->length, (size_t) n + 1, format, again);
      self->length += (size_t) n;
    }
  va_end (again);
}

void
eqk_text_add (EqkText *self, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  eqk_text_addv (self, format, args);
  va_end (args);
}

void
eqk_text_join (EqkText *self, const EqkText *other)
{
  self->failed |= other->failed;
  if (other->length > 0)
    eqk_text_append (self, other->data, other->length);
}

void
eqk_text_clear (EqkText *self)
{
  free (self->data);
  *self = (EqkText){ 0 };
}

void
eqk_text_float (EqkText *self, float value)
{
  char number[40];
  int  n = 0;

  for (int digits = 6; digits <= 9; digits++)
    {
      n = snprintf (number, sizeof number - 3, "%.*g", digits, (double) value);
      if (strtof (number, NULL) == value)
        break;
    }
  if (strpbrk (number, ".e") == NULL)
    n += sprintf (number + n, ".0");
  number[n++] = 'f';
  eqk_text_append (self, number, (size_t) n);
}

void
eqk_text_comment (EqkText *self, const char *text)
{
  char last = '\0';

  for (; *text != '\0'; text++)
    {
      const bool ends = (last == '*' && *text == '/') || (last == '/' && *text == '*');
      const char c = (unsigned char) *text < 32 ? ' ' : *text;

      if (ends)
        eqk_text_append (self, " ", 1);
      eqk_text_append (self, &c, 1);
      last = c;
    }
}

void
eqk_text_escaped (EqkText *self, const char *text, bool json)
{
  for (; *text != '\0'; text++)
    if (*text == '"' || *text == '\\')
      eqk_text_add (self, "\\%c", *text);
    else if (*text == '?' && !json)
      eqk_text_append (self, "\\?", 2);      /* no trigraphs */
    else if ((unsigned char) *text < 32)
      eqk_text_add (self, json ? "\\u%04x" : "\\%03o", (unsigned) *text);
    else
      eqk_text_append (self, text, 1);
}
