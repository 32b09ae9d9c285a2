/* Cases, comparisons and reading of numbers for all families of reference files. */

#include "reference.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

RefCase
ref_case_open (RefFile *file, const char *format, ...)
{
  RefCase self = { .file = file };
  va_list args;

  va_start (args, format);
  vsnprintf (self.name, sizeof self.name, format, args);
  va_end (args);
  return self;
}

bool
ref_case_close (RefCase *self)
{
  const bool passed = self->failure[0] == 0;

  self->file->n_cases++;
  if (!passed)
    {
      self->file->n_failed++;
      printf ("  FAILED %s, %s: %s (worst deviation %.2e)\n", self->file->name, self->name, self->failure, self->worst);
    }
  return passed;
}

bool
ref_check (RefCase *self, bool ok, const char *format, ...)
{
  va_list args;

  if (ok || self->failure[0] != 0)
    return ok;
  va_start (args, format);
  vsnprintf (self->failure, sizeof self->failure, format, args);
  va_end (args);
  if (self->failure[0] == 0)
    strcpy (self->failure, "failed");
  return ok;
}

bool
ref_near (RefCase *self, const char *what, double found, double expected, double tolerance)
{
  const double deviation = fabs (found - expected) / (1 + fabs (expected));

  if (!(deviation <= self->worst))
    self->worst = deviation;
  return ref_check (self, deviation <= tolerance, "%s: file has %.10g, libeqk %.10g", what, found, expected);
}

bool
ref_equal (RefCase *self, const char *what, const cJSON *found, int expected)
{
  if (!ref_check (self, cJSON_IsNumber (found), "%s: no number", what))
    return false;
  return ref_near (self, what, cJSON_GetNumberValue (found), expected, 0);
}

bool
ref_equal_text (RefCase *self, const char *what, const cJSON *found, const char *expected)
{
  const char *text = cJSON_GetStringValue (found);

  return ref_check (self, text != NULL && strcmp (text, expected) == 0, "%s: file has \"%s\", libeqk \"%s\"", what,
                    text != NULL ? text : "nothing", expected);
}

static const cJSON *
missing (void)
{
  static const cJSON none = { .type = cJSON_NULL };

  return &none;
}

const cJSON *
ref_get (RefCase *self, const cJSON *object, const char *key)
{
  const cJSON *item = cJSON_GetObjectItemCaseSensitive (object, key);

  return ref_check (self, item != NULL, "\"%s\" is missing", key) ? item : missing ();
}

const cJSON *
ref_at (RefCase *self, const cJSON *array, int index)
{
  const cJSON *item = cJSON_GetArrayItem (array, index);

  return ref_check (self, item != NULL, "item %d is missing", index) ? item : missing ();
}

double
ref_number (RefCase *self, const cJSON *item)
{
  return ref_check (self, cJSON_IsNumber (item), "a number is missing") ? cJSON_GetNumberValue (item) : 0;
}

int
ref_int (RefCase *self, const cJSON *item)
{
  const double value = ref_number (self, item);

  return ref_check (self, value == floor (value) && fabs (value) < 1e9, "%g is no whole number", value) ? (int) value : 0;
}

bool
ref_length (RefCase *self, const char *what, const cJSON *array, int length)
{
  return ref_check (self, cJSON_IsArray (array) && cJSON_GetArraySize (array) == length, "%s: %d entries, expected %d",
                    what, cJSON_GetArraySize (array), length);
}

/** Appends all numbers below item to out, which has room for n; counts on beyond. */
static size_t
flatten (const cJSON *item, double *out, size_t at, size_t n)
{
  const cJSON *child;

  if (cJSON_IsNumber (item))
    {
      if (at < n)
        out[at] = cJSON_GetNumberValue (item);
      return at + 1;
    }
  cJSON_ArrayForEach (child, item)
    at = flatten (child, out, at, n);
  return at;
}

double *
ref_numbers (RefCase *self, const char *what, const cJSON *nested, size_t n)
{
  double *out = calloc (n + 1, sizeof *out);
  const size_t found = flatten (nested, out, 0, n);

  if (!ref_check (self, found == n, "%s: %zu numbers, expected %zu", what, found, n))
    {
      free (out);
      return NULL;
    }
  return out;
}

bool
ref_near_all (RefCase *self, const char *what, const cJSON *nested, const double *expected, size_t n, double tolerance)
{
  double *found = ref_numbers (self, what, nested, n);
  bool ok = found != NULL;

  for (size_t i = 0; found != NULL && i < n; i++)
    ok &= ref_near (self, what, found[i], expected[i], tolerance);
  free (found);
  return ok;
}

double *
ref_tensor (RefCase *self, const char *what, const cJSON *tensor, const int *dims, int n_dims)
{
  const cJSON *shape = ref_get (self, tensor, "shape");
  size_t n = 1;

  if (!ref_length (self, what, shape, n_dims))
    return NULL;
  for (int i = 0; i < n_dims; i++)
    {
      if (!ref_equal (self, "shape", ref_at (self, shape, i), dims[i]))
        return NULL;
      n *= (size_t) dims[i];
    }
  return ref_numbers (self, what, ref_get (self, tensor, "data"), n);
}

static char *
read_file (const char *path)
{
  FILE *file = fopen (path, "rb");
  char *text = NULL;
  long size;

  if (file == NULL)
    return NULL;
  if (fseek (file, 0, SEEK_END) == 0 && (size = ftell (file)) >= 0 && fseek (file, 0, SEEK_SET) == 0)
    {
      text = calloc ((size_t) size + 1, 1);
      if (text != NULL && fread (text, 1, (size_t) size, file) != (size_t) size)
        {
          free (text);
          text = NULL;
        }
    }
  fclose (file);
  return text;
}

cJSON *
ref_sibling (const RefFile *file, const char *name)
{
  char path[4096];
  char *text;
  cJSON *root;

  snprintf (path, sizeof path, "%s/%s", file->folder, name);
  text = read_file (path);
  root = text != NULL ? cJSON_Parse (text) : NULL;
  free (text);
  return root;
}
