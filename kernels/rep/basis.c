/*
 * Steerable kernels on the plane. Between two irreps the constraint has a closed solution on a circle: matrices whose
 * entries are cos(a t) and sin(a t) with a in one or two residue classes modulo the number of rotation steps (Weiler &
 * Cesa 2019; domain.md 8.1-8.4). A mirror keeps the half of them that is even under it. A kernel is such a solution times
 * a Gaussian ring. Fields follow by their change of basis; nothing is ever solved numerically.
 */

#include "rep/rep-private.h"
#include "core/memory.h"
#include "group/intern.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SIZE     15
#define MAX_DILATION 64
#define MAX_TABLE    ((size_t) 1 << 27)   /* doubles in one table: a gigabyte */
#define MAX_IDLE     ((size_t) 1 << 26)   /* bytes of tables that nobody holds */
#define MAX_KEY      256

/** One angular solution: entries from cos and sin of a t + phase pi/2; `mirror` multiplies by diag(1, -1). */
typedef struct
{
  int  a;
  bool phase, mirror;
} Angular;

/** A residue class of frequencies with the phases it allows. */
typedef struct
{
  int  base;
  bool phase[2];
  bool mirror;        /**< 2D -> 2D: the class of R(b t) F */
  bool scalar;        /**< 1D -> 1D: only a >= 0, and sin needs a > 0 */
} Class;

typedef struct Basis
{
  EqkKernelBasis public;     /* first: what callers see */
  double        *table;
  int           *labels;     /**< [4 n]: irrep_in, irrep_out, ring, frequency */
  size_t         bytes;
  char           key[MAX_KEY];
  int            refs;       /**< 0: kept for the next who asks; -1: between irreps, kept for ever */
  struct Basis  *next;
} Basis;

/* Between irreps a basis is small, and there are few of them: they are never freed. */
static EqkIntern bases = EQK_INTERN_INIT;

/*
 * Between composite fields a table may take a gigabyte: it is shared by those who hold it, and kept for the next one as long as there are few.
 * The list starts with what was used last; it has some tens of entries.
 */
static struct { pthread_mutex_t lock; Basis *first; size_t idle; } shared = { PTHREAD_MUTEX_INITIALIZER, NULL, 0 };

/* --- the solutions on a circle --- */

/** The classes for two irreps (domain.md 8.3, 8.4). @return how many: 1 or 2 */
static int
find_classes (const EqkField *in, const EqkField *out, Class classes[2])
{
  const bool mirror = eqk_group_has_mirror (in->group);

  memset (classes, 0, 2 * sizeof *classes);
  if (in->dim == 1 && out->dim == 1)
    {
      classes[0] = (Class) { .base = in->k + out->k, .scalar = true,
                             .phase = { !mirror || in->j == out->j, !mirror || in->j != out->j } };
      return 1;
    }
  if (in->dim == 1 || out->dim == 1)
    {
      const int j = in->dim == 1 ? in->j : out->j;

      classes[0] = (Class) { .base = in->dim == 1 ? out->k - in->k : in->k - out->k,
                             .phase = { !mirror || j == 0, !mirror || j == 1 } };
      return 1;
    }
  classes[0] = (Class) { .base = out->k - in->k, .phase = { true, !mirror } };
  classes[1] = (Class) { .base = out->k + in->k, .phase = { true, !mirror }, .mirror = true };
  return 2;
}

/** Has the class the frequency a? The steps of a continuous group are infinitely many: only the base itself. */
static bool
has_frequency (const Class *class, int a, int steps)
{
  if (class->scalar && a < 0)
    return false;
  if (steps == 0)
    return a == class->base || (class->scalar && a == -class->base);
  return (a - class->base) % steps == 0;
}

/** Solutions with this frequency. @return how many were written */
static int
solutions_at (const Class *class, int a, int steps, Angular out[2])
{
  int n = 0;

  if (!has_frequency (class, a, steps))
    return 0;
  for (int phase = 0; phase < 2; phase++)
    if (class->phase[phase] && !(class->scalar && phase == 1 && a == 0))
      out[n++] = (Angular) { a, phase, class->mirror };
  return n;
}

/** All solutions up to a frequency, by |a|, then sign, class and phase. @return their number; out may be NULL */
static int
solutions (const EqkField *in, const EqkField *out, int max_frequency, Angular *list, int size)
{
  const int steps = eqk_group_get_n (in->group);
  Class classes[2];
  const int n_classes = find_classes (in, out, classes);
  int n = 0;

  for (int f = 0; f <= max_frequency; f++)
    for (int sign = 1; sign >= (f == 0 ? 1 : -1); sign -= 2)
      for (int c = 0; c < n_classes; c++)
        {
          Angular found[2];
          const int here = solutions_at (&classes[c], sign * f, steps, found);

          for (int i = 0; i < here; i++, n++)
            if (n < size)
              list[n] = found[i];
        }
  return n;
}

/** Solutions of every class at its lowest frequency, or all up to the limit where those are more. */
static int
count_candidates (const EqkField *in, const EqkField *out, int max_frequency)
{
  const int steps = eqk_group_get_n (in->group);
  Class classes[2];
  const int n_classes = find_classes (in, out, classes);
  int n = 0;

  for (int c = 0; c < n_classes; c++)
    {
      int here = 0;

      for (int f = 0; f <= max_frequency || (here == 0 && f <= 2 * EQK_MAX_FREQUENCY); f++)
        {
          Angular found[2];

          here += solutions_at (&classes[c], f, steps, found);
          if (f > 0)
            here += solutions_at (&classes[c], -f, steps, found);
        }
      n += here;
    }
  return n;
}

int
eqk_kernel_n_angular (const EqkField *in, const EqkField *out, int max_frequency, int *frequencies, int size)
{
  Angular *list;
  int n;

  if (!in->is_irrep || !out->is_irrep || in->group != out->group || max_frequency < 0
      || max_frequency > 2 * EQK_MAX_FREQUENCY)
    return 0;
  n = solutions (in, out, max_frequency, NULL, 0);
  list = frequencies == NULL || n == 0 ? NULL : eqk_malloc (sizeof *list * (size_t) n);
  if (list != NULL)
    solutions (in, out, max_frequency, list, n);
  for (int i = 0; list != NULL && i < n && i < size; i++)
    frequencies[i] = abs (list[i].a);
  free (list);
  return n;
}

/* --- rings --- */

/** Largest frequency that a ring of this radius can carry without aliasing (domain.md 8.6). */
static int
band_limit (const EqkKernelSpec *spec, double radius)
{
  const bool outer = radius == spec->size / 2;

  switch (spec->policy)
    {
    case 0:
      return (int) floor (fmin (spec->frequency_factor * radius, 2 * EQK_MAX_FREQUENCY));
    case 3:
      return radius == 0 ? 0 : outer ? 1 : 2;
    default:
      if (radius == 0)
        return 0;
      if (outer)
        return (int) fmin (2 * radius, spec->policy == 2 ? 1 : 2);
      return (int) floor (fmin (2 * radius, 2 * radius - fmod (radius + 1, 2)));
    }
}

static void
make_rings (const EqkKernelSpec *spec, EqkKernelRing *rings)
{
  const double last = (spec->size - 1) / 2;   /* rounds down: even kernels end half a pixel inside */

  for (int i = 0; i < spec->n_rings; i++)
    {
      const double radius = (spec->n_rings > 1 ? last * i / (spec->n_rings - 1) : 0) * spec->dilation;
      const double sigma = radius == 0 ? 0.005 : i == spec->n_rings - 1 ? 0.4 : 0.6;

      rings[i] = (EqkKernelRing) { radius, spec->sigma > 0 ? spec->sigma : sigma, band_limit (spec, radius) };
    }
}

/** Checks the ranges and puts in the defaults, so that equal bases have equal keys. */
static bool
complete_spec (const EqkKernelSpec *spec, EqkKernelSpec *out)
{
  *out = *spec;
  if (out->policy == 0 && out->frequency_factor == 0)
    out->policy = 1;
  if (out->policy != 0)
    out->frequency_factor = 0;
  if (out->n_rings == 0)
    out->n_rings = (out->size + 1) / 2;
  if (out->dilation == 0)
    out->dilation = 1;
  return out->size >= 1 && out->size <= MAX_SIZE && out->dilation >= 1 && out->dilation <= MAX_DILATION
         && out->n_rings >= 1 && out->n_rings <= EQK_MAX_RINGS && out->policy >= 0 && out->policy <= 3
         && out->sigma >= 0 && out->sigma <= 1000 && out->frequency_factor >= 0 && out->frequency_factor <= 1000;
}

int
eqk_kernel_rings (const EqkKernelSpec *spec, EqkKernelRing rings[EQK_MAX_RINGS])
{
  EqkKernelSpec full;

  if (!complete_spec (spec, &full))
    return 0;
  make_rings (&full, rings);
  return full.n_rings;
}

/* --- sampling --- */

/** cos and sin of a times the angle of the pixel, seen from the mirror axis; at the origin only a = 0 lives. */
static void
sample_angle (const EqkGroup *group, double x, double y, int a, double *c, double *s)
{
  const double r = sqrt (x * x + y * y);
  const double u = r > 0 ? (x * group->axis_cos + y * group->axis_sin) / r : 0;
  const double v = r > 0 ? (y * group->axis_cos - x * group->axis_sin) / r : 0;

  *c = 1;
  *s = 0;
  for (int i = 0; i < abs (a); i++)   /* (u + iv)^|a|: exact signs under quarter turns, unlike atan2 */
    {
      const double next = *c * u - *s * v;

      *s = *c * v + *s * u;
      *c = next;
    }
  if (a < 0)
    *s = -*s;
}

/** Writes the matrix [d_out, d_in] of a solution; entries are `stride` apart. */
static void
put_matrix (Angular angular, int d_out, int d_in, double c, double s, double *out, size_t stride)
{
  const double cos_t = angular.phase ? -s : c, sin_t = angular.phase ? c : s;   /* of a t + pi/2 */
  const double f = angular.mirror ? -1 : 1;

  if (d_out == 1 && d_in == 1)
    {
      out[0] = angular.phase ? s : c;
      return;
    }
  out[0] = cos_t;
  out[stride] = d_out == 1 || d_in == 1 ? sin_t : -f * sin_t;
  if (d_out == 2 && d_in == 2)
    {
      out[2 * stride] = sin_t;
      out[3 * stride] = f * cos_t;
    }
}

/** Samples one element and normalises it as a whole. False when there is nothing of it on the grid. */
static bool
sample_element (const EqkField *in, const EqkField *out, const EqkKernelSpec *spec, const EqkKernelRing *ring,
                Angular angular, double *table)
{
  const int k = spec->size, n = out->dim * in->dim * k * k;
  double norm = 0, scale;

  for (int row = 0; row < k; row++)
    for (int column = 0; column < k; column++)
      {
        const double x = (column - 0.5 * (k - 1)) * spec->dilation, y = (0.5 * (k - 1) - row) * spec->dilation;
        const double from_ring = sqrt (x * x + y * y) - ring->radius;
        const double weight = exp (-from_ring * from_ring / (2 * ring->sigma * ring->sigma));
        double c, s;

        sample_angle (in->group, x, y, angular.a, &c, &s);
        put_matrix (angular, out->dim, in->dim, weight * c, weight * s, table + row * k + column,
                    (size_t) k * (size_t) k);
      }
  for (int i = 0; i < n; i++)
    norm += table[i] * table[i];
  norm = sqrt (norm / out->dim);
  if (!(norm >= 1e-6))
    return false;
  scale = 1 / norm;
  for (int i = 0; i < n; i++)
    table[i] = fabs (table[i]) < 1e-200 ? 0 : table[i] * scale;
  return true;
}

/* --- the objects --- */

static void
basis_free (void *data)
{
  Basis *self = data;

  free (self->table);
  free (self->labels);
  free (self);
}

static Basis *
basis_new (const EqkField *in, const EqkField *out, int size, int n)
{
  const size_t element = (size_t) in->dim * (size_t) out->dim * (size_t) size * (size_t) size;
  Basis *self;

  if ((size_t) n > MAX_TABLE / element)
    return NULL;
  self = eqk_calloc (1, sizeof *self);
  if (self == NULL)
    return NULL;
  self->bytes = ((size_t) n * element + 1) * sizeof *self->table;
  self->refs = -1;
  self->table = eqk_calloc ((size_t) n * element + 1, sizeof *self->table);
  self->labels = eqk_calloc (4 * (size_t) n + 1, sizeof *self->labels);
  if (self->table == NULL || self->labels == NULL)
    {
      basis_free (self);
      return NULL;
    }
  self->public = (EqkKernelBasis) { .n = n, .d_out = out->dim, .d_in = in->dim, .size = size, .table = self->table,
                                    .irrep_in = self->labels, .irrep_out = self->labels + n,
                                    .ring = self->labels + 2 * n, .frequency = self->labels + 3 * n };
  return self;
}

/** The basis between two irreps. */
static Basis *
make_irrep_basis (const EqkField *in, const EqkField *out, const EqkKernelSpec *spec)
{
  const int element = in->dim * out->dim * spec->size * spec->size;
  EqkKernelRing rings[EQK_MAX_RINGS];
  int n_max = 0, n = 0, n_candidates = 0;
  Angular *list;
  Basis *self;

  make_rings (spec, rings);
  for (int r = 0; r < spec->n_rings; r++)
    {
      n_max += solutions (in, out, rings[r].max_frequency, NULL, 0);
      n_candidates += rings[r].radius > 0 ? count_candidates (in, out, rings[r].max_frequency)
                                          : solutions (in, out, 0, NULL, 0);
    }
  self = basis_new (in, out, spec->size, n_max);
  list = eqk_malloc (sizeof *list * (size_t) (n_max + 1));
  if (self == NULL || list == NULL)
    {
      if (self != NULL)
        basis_free (self);
      free (list);
      return NULL;
    }
  for (int r = 0; r < spec->n_rings; r++)
    {
      const int here = solutions (in, out, rings[r].max_frequency, list, n_max);

      for (int i = 0; i < here; i++)
        if (sample_element (in, out, spec, &rings[r], list[i], self->table + (size_t) n * (size_t) element))
          {
            self->labels[2 * n_max + n] = r;
            self->labels[3 * n_max + n] = abs (list[i].a);
            n++;
          }
    }
  self->public.n = n;
  self->public.n_candidates = n_candidates;
  free (list);
  return self;
}

/** Adds (columns of Q_out) kappa (columns of Q_in)^T, pixel by pixel. */
static void
embed_element (const EqkField *in, const EqkField *out, int first_in, int first_out, const EqkKernelBasis *irreps,
               const double *kappa, double *table)
{
  const int pixels = irreps->size * irreps->size;

  for (int p = 0; p < out->dim; p++)
    for (int q = 0; q < in->dim; q++)
      for (int i = 0; i < irreps->d_out; i++)
        for (int j = 0; j < irreps->d_in; j++)
          {
            const double left = out->basis != NULL ? out->basis[p * out->dim + first_out + i] : p == first_out + i;
            const double right = in->basis != NULL ? in->basis[q * in->dim + first_in + j] : q == first_in + j;
            const double *from = kappa + (i * irreps->d_in + j) * pixels;
            double *to = table + ((size_t) p * (size_t) in->dim + (size_t) q) * (size_t) pixels;

            if (left * right != 0)
              for (int x = 0; x < pixels; x++)
                to[x] += left * right * from[x];
          }
}

/** Elements between all pairs of blocks. @return -1 when memory is short */
static int
count_pairs (const EqkField *in, const EqkField *out, const EqkKernelSpec *spec, int *n_candidates)
{
  int n = 0;

  for (int o = 0; o < out->n_irreps; o++)
    for (int i = 0; i < in->n_irreps; i++)
      {
        const EqkKernelBasis *pair = eqk_kernel_basis (in->irreps[i], out->irreps[o], spec);

        if (pair == NULL)
          return -1;
        n += pair->n;
        *n_candidates += pair->n_candidates;
      }
  return n;
}

int
eqk_kernel_basis_count (const EqkField *in, const EqkField *out, const EqkKernelSpec *spec)
{
  const size_t element = (size_t) in->dim * (size_t) out->dim * (size_t) spec->size * (size_t) spec->size;
  int          n_candidates = 0;
  const int    n = in->group == out->group ? count_pairs (in, out, spec, &n_candidates) : -1;

  return n >= 0 && (size_t) n > MAX_TABLE / element ? -1 : n;      /* an element that is none makes n negative */
}

static Basis *
make_field_basis (const EqkField *in, const EqkField *out, const EqkKernelSpec *spec)
{
  const size_t element = (size_t) in->dim * (size_t) out->dim * (size_t) spec->size * (size_t) spec->size;
  int n_candidates = 0, at = 0;
  const int n = count_pairs (in, out, spec, &n_candidates);
  Basis *self = n < 0 ? NULL : basis_new (in, out, spec->size, n);

  if (self == NULL)
    return NULL;
  self->public.n_candidates = n_candidates;
  for (int o = 0, first_out = 0; o < out->n_irreps; first_out += out->irreps[o]->dim, o++)
    for (int i = 0, first_in = 0; i < in->n_irreps; first_in += in->irreps[i]->dim, i++)
      {
        const EqkKernelBasis *pair = eqk_kernel_basis (in->irreps[i], out->irreps[o], spec);

        for (int e = 0; pair != NULL && e < pair->n; e++, at++)
          {
            self->labels[at] = i;
            self->labels[n + at] = o;
            self->labels[2 * n + at] = pair->ring[e];
            self->labels[3 * n + at] = pair->frequency[e];
            embed_element (in, out, first_in, first_out, pair,
                           pair->table + (size_t) e * (size_t) (pair->d_out * pair->d_in * pair->size * pair->size),
                           self->table + (size_t) at * element);
          }
      }
  return self;
}

/* ---- sharing ---- */

/** The entry of this key, one more reference to it, and moved to the front. Locked. */
static Basis *
take_locked (const char *key)
{
  for (Basis **at = &shared.first; *at != NULL; at = &(*at)->next)
    if (strcmp ((*at)->key, key) == 0)
      {
        Basis *self = *at;

        *at = self->next;
        self->next = shared.first;
        shared.first = self;
        if (self->refs++ == 0)
          shared.idle -= self->bytes;
        return self;
      }
  return NULL;
}

/** Unlinks what nobody has held for longest until the rest is small enough. Locked. @return them, for whoever frees them without the lock */
static Basis *
drop_locked (void)
{
  Basis *dropped = NULL;

  while (shared.idle > MAX_IDLE)
    {
      Basis **last = NULL, *self;

      for (Basis **at = &shared.first; *at != NULL; at = &(*at)->next)
        if ((*at)->refs == 0)
          last = at;
      self = *last;           /* there is one: what is idle adds up from them */
      *last = self->next;
      shared.idle -= self->bytes;
      self->next = dropped;
      dropped = self;
    }
  return dropped;
}

static Basis *
take (const char *key)
{
  Basis *self;

  pthread_mutex_lock (&shared.lock);
  self = take_locked (key);
  pthread_mutex_unlock (&shared.lock);
  return self;
}

/** Of two threads that made the same basis the first one's is kept. */
static Basis *
share (Basis *self, const char *key)
{
  Basis *other;

  pthread_mutex_lock (&shared.lock);
  other = take_locked (key);
  if (other == NULL)
    {
      strcpy (self->key, key);      /* both of MAX_KEY */
      self->refs = 1;
      self->next = shared.first;
      shared.first = self;
    }
  pthread_mutex_unlock (&shared.lock);
  if (other != NULL)
    basis_free (self);
  return other != NULL ? other : self;
}

void
eqk_kernel_basis_unref (const EqkKernelBasis *basis)
{
  Basis *self = (Basis *) basis, *dropped = NULL;      /* made here, and writable */

  if (self == NULL || self->refs < 0)
    return;
  pthread_mutex_lock (&shared.lock);
  if (--self->refs == 0)
    {
      shared.idle += self->bytes;
      dropped = drop_locked ();
    }
  pthread_mutex_unlock (&shared.lock);
  while (dropped != NULL)
    {
      Basis *next = dropped->next;

      basis_free (dropped);
      dropped = next;
    }
}

size_t
eqk_kernel_basis_kept (void)
{
  size_t bytes = 0;

  pthread_mutex_lock (&shared.lock);
  for (const Basis *self = shared.first; self != NULL; self = self->next)
    bytes += self->bytes;
  pthread_mutex_unlock (&shared.lock);
  return bytes;
}

const EqkKernelBasis *
eqk_kernel_basis (const EqkField *in, const EqkField *out, const EqkKernelSpec *spec)
{
  EqkKernelSpec full;
  char          key[MAX_KEY];
  Basis        *self;

  if (in->group != out->group || eqk_group_get_space_dim (in->group) != 2 || !complete_spec (spec, &full))
    return NULL;
  snprintf (key, sizeof key, "%p %p %d %d %d %a %d %a", (const void *) in, (const void *) out, full.size, full.dilation,
            full.n_rings, full.sigma, full.policy, full.frequency_factor);
  if (in->is_irrep && out->is_irrep)
    {
      self = eqk_intern_find (&bases, key);
      if (self == NULL && (self = make_irrep_basis (in, out, &full)) != NULL)
        self = eqk_intern_add (&bases, key, self, basis_free);
    }
  else
    {
      self = take (key);
      if (self == NULL && (self = make_field_basis (in, out, &full)) != NULL)
        self = share (self, key);
    }
  return self == NULL ? NULL : &self->public;
}
