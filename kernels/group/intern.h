#pragma once

/**
 * Tables of immutable things that live as long as the process, found by a text. The finished thing is added in one
 * step, so a half-made one is never seen; when two threads make the same thing, the first to add wins.
 */

#include <pthread.h>
#include <stddef.h>

typedef struct EqkInternEntry EqkInternEntry;

typedef struct
{
  pthread_mutex_t  lock;
  EqkInternEntry **buckets;
  size_t           n_buckets, n_entries;
} EqkIntern;

#define EQK_INTERN_INIT { PTHREAD_MUTEX_INITIALIZER, NULL, 0, 0 }

/** The thing added under this key, or NULL. */
void *eqk_intern_find (EqkIntern *self, const char *key);

/**
 * Adds value under key and returns what is found there from now on: value, or the one that another thread added before;
 * then value has been given to `destroy`. NULL on no memory (value destroyed too).
 */
void *eqk_intern_add (EqkIntern *self, const char *key, void *value, void (*destroy) (void *value));
