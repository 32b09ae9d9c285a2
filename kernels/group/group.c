/*
 * Groups as interned objects: reading ids, and everything that follows from a family's methods alone (tables, element
 * names, subgroups through the action). An element of a subgroup is found in the larger group by what it does to the
 * plane, so subgroups whose mirror lies on another line need no rule of their own.
 */

#include "group/group-private.h"
#include "core/memory.h"
#include "group/intern.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PICO INT64_C (1000000000000)
#define PI   3.14159265358979323846

static const EqkGroupFamily *const families[] = { &eqk_family_cyclic, &eqk_family_dihedral, &eqk_family_so2,
                                                  &eqk_family_o2, &eqk_family_space };
static EqkIntern groups = EQK_INTERN_INIT;

const char *
eqk_read_int (const char *text, int limit, int *value)
{
  long n = 0;

  if (*text < '0' || *text > '9')
    return NULL;
  for (; *text >= '0' && *text <= '9'; text++)
    {
      n = n * 10 + (*text - '0');
      if (n > limit)
        return NULL;
    }
  *value = (int) n;
  return text;
}

/** Reads a decimal number of degrees into 1e-12 degrees, modulo a half turn: the mirror does not see one. */
static bool
read_axis (const char *text, int64_t *axis_pico)
{
  const bool negative = *text == '-';
  int64_t fraction = 0, unit = PICO;
  int whole;

  text = eqk_read_int (text + negative, 36000, &whole);
  if (text == NULL)
    return false;
  if (*text == '.')
    for (text++; *text >= '0' && *text <= '9'; text++)
      {
        unit /= 10;
        fraction += unit * (*text - '0');   /* digits after the twelfth count as zero */
      }
  if (*text != 0)
    return false;

  *axis_pico = (negative ? -1 : 1) * (whole * PICO + fraction) % (180 * PICO);
  if (*axis_pico < 0)
    *axis_pico += 180 * PICO;
  return true;
}

static void
set_axis (EqkGroup *self, int64_t axis_pico)
{
  char fraction[16];
  int length = 12;

  self->axis_pico = axis_pico;
  self->axis_deg = (double) axis_pico / (double) PICO;
  eqk_plane_cos_sin (axis_pico, 360 * PICO, &self->axis_cos, &self->axis_sin);
  eqk_plane_cos_sin (2 * axis_pico, 360 * PICO, &self->mirror_cos, &self->mirror_sin);

  if (axis_pico == 0)
    {
      snprintf (self->id, sizeof self->id, "%s", self->base);
      return;
    }
  snprintf (fraction, sizeof fraction, "%012lld", (long long) (axis_pico % PICO));
  while (length > 0 && fraction[length - 1] == '0')
    length--;
  snprintf (self->id, sizeof self->id, "%s@axis=%d%s%.*s", self->base, (int) (axis_pico / PICO), length > 0 ? "." : "",
            length, fraction);
}

static bool
make_table (EqkGroup *self)
{
  const int n = self->order;

  if (n == 0)
    return true;
  self->table = eqk_malloc (sizeof (int) * (size_t) n * (size_t) n);
  if (self->table == NULL)
    return false;
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      {
        const EqkElement a = eqk_group_element (self, i), b = eqk_group_element (self, j);
        const EqkElement ab = eqk_group_compose (self, &a, &b);

        self->table[i * n + j] = eqk_group_index_of (self, &ab);
      }
  return true;
}

static void
group_free (void *data)
{
  EqkGroup *self = data;

  free (self->table);
  free (self);
}

/** Splits "D4@axis=90"; fills self. */
static bool
group_read (EqkGroup *self, const char *id)
{
  const char *at = strchr (id, '@');
  const size_t length = at != NULL ? (size_t) (at - id) : strlen (id);
  int64_t axis = 0;
  char base[16];

  if (length == 0 || length >= sizeof base)
    return false;
  memcpy (base, id, length);
  base[length] = 0;
  for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
    if (families[i]->recognise (self, base))
      {
        self->family = families[i];
        break;
      }
  if (self->family == NULL)
    return false;
  if (at != NULL && (strncmp (at, "@axis=", 6) != 0 || !self->mirror || !read_axis (at + 6, &axis)))
    return false;
  set_axis (self, axis);
  return true;
}

const EqkGroup *
eqk_group_get (const char *id)
{
  EqkGroup *self, *known;

  if (id == NULL)
    return NULL;
  known = eqk_intern_find (&groups, id);
  if (known != NULL)
    return known;

  self = eqk_calloc (1, sizeof *self);
  if (self == NULL)
    return NULL;
  if (!group_read (self, id))
    {
      group_free (self);
      return NULL;
    }
  known = eqk_intern_find (&groups, self->id);
  if (known != NULL || !make_table (self))
    {
      group_free (self);
      return known;
    }
  return eqk_intern_add (&groups, self->id, self, group_free);
}

const char *eqk_group_get_id        (const EqkGroup *self) { return self->id; }
const char *eqk_group_get_base      (const EqkGroup *self) { return self->base; }
const char *eqk_group_get_notation  (const EqkGroup *self) { return self->notation; }
const char *eqk_group_get_title     (const EqkGroup *self) { return self->title; }
bool        eqk_group_is_finite     (const EqkGroup *self) { return self->order > 0; }
bool        eqk_group_is_abelian    (const EqkGroup *self) { return self->abelian; }
bool        eqk_group_is_connected  (const EqkGroup *self) { return self->connected; }
bool        eqk_group_has_mirror    (const EqkGroup *self) { return self->mirror; }
int         eqk_group_get_order     (const EqkGroup *self) { return self->order; }
int         eqk_group_get_n         (const EqkGroup *self) { return self->n; }
int         eqk_group_get_space_dim (const EqkGroup *self) { return self->space_dim; }
double      eqk_group_get_axis_deg  (const EqkGroup *self) { return self->axis_deg; }
const int  *eqk_group_table         (const EqkGroup *self) { return self->table; }

int
eqk_group_n_components (const EqkGroup *self)
{
  return self->family->n_components (self);
}

EqkElement
eqk_group_component (const EqkGroup *self, int index)
{
  return self->family->component (self, index);
}

EqkElement
eqk_group_element (const EqkGroup *self, int index)
{
  return eqk_group_component (self, self->order > 0 ? index : 0);
}

int
eqk_group_index_of (const EqkGroup *self, const EqkElement *g)
{
  return self->order > 0 ? g->mirror * self->n + g->index : -1;
}

EqkElement
eqk_group_identity (const EqkGroup *self)
{
  return (EqkElement) { .q = { self->space_dim == 3, 0, 0, 0 } };
}

EqkElement
eqk_group_compose (const EqkGroup *self, const EqkElement *a, const EqkElement *b)
{
  return self->family->compose (self, a, b);
}

EqkElement
eqk_group_inverse (const EqkGroup *self, const EqkElement *g)
{
  return self->family->inverse (self, g);
}

bool
eqk_group_equal (const EqkGroup *self, const EqkElement *a, const EqkElement *b)
{
  double x[9], y[9];

  if (self->order > 0)
    return a->mirror == b->mirror && a->index == b->index;
  eqk_group_action (self, a, x);
  eqk_group_action (self, b, y);
  for (int i = 0; i < self->space_dim * self->space_dim; i++)
    if (fabs (x[i] - y[i]) > 1e-9)
      return false;
  return true;
}

int
eqk_group_generators (const EqkGroup *self, EqkElement out[4])
{
  return self->family->generators (self, out);
}

EqkElement
eqk_group_sample (const EqkGroup *self, uint64_t seed, uint64_t counter)
{
  return self->family->sample (self, seed, counter);
}

/** The angle by which an element turns, in degrees: on the plane with its sense, in space about whatever axis. */
static double
turning_angle (const EqkGroup *self, const EqkElement *g)
{
  double c, s;

  if (self->space_dim == 3)
    return 2 * acos (fmin (1, fabs (g->q[0]))) * 180 / PI;
  self->family->turn (self, g, 1, &c, &s);
  return eqk_plane_wrap (atan2 (s, c)) * 180 / PI;
}

void
eqk_group_element_name (const EqkGroup *self, const EqkElement *g, char *text, size_t size)
{
  const int tenths = (int) floor (turning_angle (self, g) * 10 + 0.5) % 3600;
  char angle[24] = "";

  if (tenths != 0 && tenths % 10 == 0)
    snprintf (angle, sizeof angle, "%d°", tenths / 10);
  else if (tenths != 0)
    snprintf (angle, sizeof angle, "%d.%d°", tenths / 10, tenths % 10);

  if (g->mirror)
    snprintf (text, size, "%s%s%s", self->space_dim == 3 ? "inversion" : "mirror", angle[0] != 0 ? ", " : "", angle);
  else
    snprintf (text, size, "%s", angle[0] != 0 ? angle : "e");
}

void
eqk_group_action (const EqkGroup *self, const EqkElement *g, double *matrix)
{
  self->family->action (self, g, matrix);
}

bool
eqk_group_on_grid (const EqkGroup *self, const EqkElement *g)
{
  double m[9];

  eqk_group_action (self, g, m);
  for (int i = 0; i < self->space_dim * self->space_dim; i++)
    if (fabs (m[i] - floor (m[i] + 0.5)) > 1e-9)
      return false;
  return true;
}

bool
eqk_group_irrep_id (const EqkGroup *self, int index, int *j, int *k)
{
  return self->family->irrep_id (self, index, j, k);
}

bool
eqk_group_irrep_info (const EqkGroup *self, int j, int k, EqkIrrepInfo *info)
{
  return self->family->irrep_info (self, j, k, info);
}

void
eqk_group_irrep_matrix (const EqkGroup *self, int j, int k, const EqkElement *g, double *matrix)
{
  self->family->irrep_matrix (self, j, k, g, matrix);
}

int
eqk_group_n_irreps (const EqkGroup *self, int max_frequency)
{
  EqkIrrepInfo info;
  int n = 0, j, k;

  while (eqk_group_irrep_id (self, n, &j, &k) && eqk_group_irrep_info (self, j, k, &info)
         && info.frequency <= max_frequency)
    n++;
  return n;
}

int
eqk_group_n_nodes (const EqkGroup *self, int frequency)
{
  return eqk_group_n_components (self) * (self->order > 0 ? 1 : frequency + 1);
}

EqkElement
eqk_group_node (const EqkGroup *self, int frequency, int index)
{
  const int n_components = eqk_group_n_components (self);
  const EqkElement component = eqk_group_component (self, index % n_components);
  EqkElement rotation;

  if (self->order > 0)
    return component;
  rotation = self->family->node (self, index / n_components, frequency + 1);
  return eqk_group_compose (self, &rotation, &component);
}

bool
eqk_group_embed (const EqkGroup *self, const EqkGroup *sub, const EqkElement *h, EqkElement *out)
{
  double matrix[9];

  if (self == sub)
    {
      *out = *h;
      return true;
    }
  if (self->space_dim != sub->space_dim)
    return false;
  eqk_group_action (sub, h, matrix);
  return self->family->from_action (self, matrix, out);
}

bool
eqk_group_descend (const EqkGroup *self, const EqkGroup *sub, const EqkElement *g, EqkElement *out)
{
  return eqk_group_embed (sub, self, g, out);
}

bool
eqk_group_contains (const EqkGroup *self, const EqkGroup *sub)
{
  EqkElement generators[4], found;
  const int n = eqk_group_generators (sub, generators);

  if (self->space_dim != sub->space_dim)
    return false;
  for (int i = 0; i < n; i++)
    if (!eqk_group_embed (self, sub, &generators[i], &found))
      return false;
  return true;
}

const EqkGroup *
eqk_group_common (const EqkGroup *a, const EqkGroup *b)
{
  if (eqk_group_contains (b, a))
    return a;
  if (eqk_group_contains (a, b))
    return b;
  return a->space_dim == 2 && b->space_dim == 2 ? eqk_plane_common (a, b) : eqk_group_get ("triv");
}

const char *const *
eqk_group_catalogue (int *n)
{
  static const char *const ids[] = { "triv", "C2", "C3", "C4", "C5", "C6", "C8", "C10", "C12", "C16", "D1", "D2", "D3",
                                     "D4", "D5", "D6", "D8", "D12", "D16", "SO2", "O2" };

  *n = (int) (sizeof ids / sizeof ids[0]);
  return ids;
}
