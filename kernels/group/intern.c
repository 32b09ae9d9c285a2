/* A chained hash table under one mutex. Groups and fields number in the hundreds; nothing is ever removed. */

#include "group/intern.h"

#include "core/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct EqkInternEntry
{
  EqkInternEntry *next;
  void           *value;
  uint64_t        hash;
  char            key[];
};

static uint64_t
hash_text (const char *text)
{
  uint64_t h = 1469598103934665603u;   /* FNV-1a */

  for (; *text != 0; text++)
    h = (h ^ (unsigned char) *text) * 1099511628211u;
  return h;
}

static void *
find_locked (EqkIntern *self, const char *key, uint64_t hash)
{
  if (self->n_buckets == 0)
    return NULL;
  for (EqkInternEntry *e = self->buckets[hash % self->n_buckets]; e != NULL; e = e->next)
    if (e->hash == hash && strcmp (e->key, key) == 0)
      return e->value;
  return NULL;
}

void *
eqk_intern_find (EqkIntern *self, const char *key)
{
  const uint64_t hash = hash_text (key);
  void *value;

  pthread_mutex_lock (&self->lock);
  value = find_locked (self, key, hash);
  pthread_mutex_unlock (&self->lock);
  return value;
}

static int
grow_locked (EqkIntern *self)
{
  const size_t n = self->n_buckets == 0 ? 64 : self->n_buckets * 2;
  EqkInternEntry **buckets = eqk_calloc (n, sizeof *buckets);

  if (buckets == NULL)
    return self->n_buckets != 0;   /* a full table still works, only slower */

  for (size_t i = 0; i < self->n_buckets; i++)
    for (EqkInternEntry *e = self->buckets[i], *next; e != NULL; e = next)
      {
        next = e->next;
        e->next = buckets[e->hash % n];
        buckets[e->hash % n] = e;
      }
  free (self->buckets);
  self->buckets = buckets;
  self->n_buckets = n;
  return 1;
}

static void *
add_locked (EqkIntern *self, const char *key, uint64_t hash, void *value)
{
  const size_t size = strlen (key) + 1;
  EqkInternEntry *e;

  if (self->n_entries >= self->n_buckets && !grow_locked (self))
    return NULL;
  e = eqk_malloc (sizeof *e + size);
  if (e == NULL)
    return NULL;

  memcpy (e->key, key, size);
  e->value = value;
  e->hash = hash;
  e->next = self->buckets[hash % self->n_buckets];
  self->buckets[hash % self->n_buckets] = e;
  self->n_entries++;
  return value;
}

void *
eqk_intern_add (EqkIntern *self, const char *key, void *value, void (*destroy) (void *value))
{
  const uint64_t hash = hash_text (key);
  void *kept;

  pthread_mutex_lock (&self->lock);
  kept = find_locked (self, key, hash);
  if (kept == NULL)
    kept = add_locked (self, key, hash, value);
  pthread_mutex_unlock (&self->lock);

  if (kept != value && value != NULL)
    destroy (value);
  return kept;
}
