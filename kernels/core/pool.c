/*
 * Fork-join over an atomic countdown. A thread claims a chunk by lowering `left`; only after that does it look at the
 * job, which can't change before the chunk is reported in `pending`. So the caller waits for claimed chunks alone,
 * never for a worker that sleeps or was preempted before it claimed anything, and a late worker finds nothing to do.
 * Whoever has to wait spins for about 10 microseconds and sleeps then: short gaps between jobs cost no system call, and
 * a machine with more threads than cores does not burn time slices.
 */

#include "eqk/pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#define SPIN_NS    10000
#define LINE       64
#define MAX_CHUNKS 0x40000000u   /* of one round; longer jobs run in several */

typedef struct
{
  EqkPool  *pool;
  pthread_t thread;
  int       lane;
} Worker;

struct EqkPool
{
  _Alignas (LINE) atomic_uint left;      /* chunks nobody has claimed */
  _Alignas (LINE) atomic_uint pending;   /* chunks not finished */
  _Alignas (LINE) atomic_int  sleeping;  /* workers in `wake` */
  atomic_int      caller_sleeps;
  atomic_bool     quit;
  EqkChunkFunc    func;                  /* the job; written while left = pending = 0 */
  void           *data;
  size_t          first;
  unsigned        n_chunks;
  pthread_mutex_t lock;
  pthread_cond_t  wake;
  pthread_cond_t  done;
  int             n_workers;
  Worker         *workers;
};

static inline void
relax (void)
{
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause ();
#elif defined(__aarch64__)
  __asm__ volatile ("yield");
#endif
}

static int64_t
now_ns (void)
{
  struct timespec t;

  clock_gettime (CLOCK_MONOTONIC, &t);
  return (int64_t) t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Claims and runs one chunk; false when none is left. */
static bool
run_one (EqkPool *self, int lane)
{
  unsigned left = atomic_load_explicit (&self->left, memory_order_acquire);

  do
    if (left == 0)
      return false;
  while (!atomic_compare_exchange_weak (&self->left, &left, left - 1));

  self->func (self->data, self->first + (self->n_chunks - left), lane);
  if (atomic_fetch_sub (&self->pending, 1) == 1 && atomic_load (&self->caller_sleeps))
    {
      pthread_mutex_lock (&self->lock);
      pthread_cond_signal (&self->done);
      pthread_mutex_unlock (&self->lock);
    }
  return true;
}

/* Spins while *value is zero (or, with until_zero, while it is not); false when the time is over. */
static bool
spin (EqkPool *self, atomic_uint *value, bool until_zero)
{
  const int64_t end = now_ns () + SPIN_NS;

  do
    for (int i = 0; i < 32; i++)
      {
        if ((atomic_load_explicit (value, memory_order_acquire) == 0) == until_zero || atomic_load (&self->quit))
          return true;
        relax ();
      }
  while (now_ns () < end);
  return false;
}

static void *
pool_worker (void *data)
{
  Worker *worker = data;
  EqkPool *self = worker->pool;

  for (;;)
    {
      while (run_one (self, worker->lane))
        ;
      if (!spin (self, &self->left, false))
        {
          pthread_mutex_lock (&self->lock);
          atomic_fetch_add (&self->sleeping, 1);
          while (atomic_load (&self->left) == 0 && !atomic_load (&self->quit))
            pthread_cond_wait (&self->wake, &self->lock);
          atomic_fetch_sub (&self->sleeping, 1);
          pthread_mutex_unlock (&self->lock);
        }
      if (atomic_load (&self->quit))
        return NULL;
    }
}

EqkPool *
eqk_pool_new (int n_threads)
{
  EqkPool *self;

  if (n_threads < 1)
    return NULL;
  self = aligned_alloc (LINE, (sizeof *self + LINE - 1) / LINE * LINE);
  if (self == NULL)
    return NULL;

  *self = (EqkPool) { .workers = calloc ((size_t) n_threads, sizeof (Worker)) };
  if (self->workers == NULL)
    {
      free (self);
      return NULL;
    }
  pthread_mutex_init (&self->lock, NULL);
  pthread_cond_init (&self->wake, NULL);
  pthread_cond_init (&self->done, NULL);

  while (self->n_workers < n_threads - 1)
    {
      Worker *worker = &self->workers[self->n_workers];

      worker->pool = self;
      worker->lane = self->n_workers + 1;
      if (pthread_create (&worker->thread, NULL, pool_worker, worker) != 0)
        {
          eqk_pool_free (self);
          return NULL;
        }
      self->n_workers++;
    }
  return self;
}

void
eqk_pool_free (EqkPool *self)
{
  if (self == NULL)
    return;

  pthread_mutex_lock (&self->lock);
  atomic_store (&self->quit, true);
  pthread_cond_broadcast (&self->wake);
  pthread_mutex_unlock (&self->lock);
  for (int i = 0; i < self->n_workers; i++)
    pthread_join (self->workers[i].thread, NULL);
  pthread_cond_destroy (&self->wake);
  pthread_cond_destroy (&self->done);
  pthread_mutex_destroy (&self->lock);
  free (self->workers);
  free (self);
}

int
eqk_pool_n_threads (const EqkPool *self)
{
  return self == NULL ? 1 : self->n_workers + 1;
}

static void
wake_workers (EqkPool *self, unsigned n_wanted)
{
  pthread_mutex_lock (&self->lock);
  if (n_wanted >= (unsigned) self->n_workers)
    pthread_cond_broadcast (&self->wake);
  else
    for (unsigned i = 0; i < n_wanted; i++)
      pthread_cond_signal (&self->wake);
  pthread_mutex_unlock (&self->lock);
}

static void
run_round (EqkPool *self, size_t first, unsigned n_chunks, EqkChunkFunc func, void *data)
{
  self->func = func;
  self->data = data;
  self->first = first;
  self->n_chunks = n_chunks;
  atomic_store (&self->pending, n_chunks);
  atomic_store (&self->left, n_chunks);
  if (atomic_load (&self->sleeping) > 0)
    wake_workers (self, n_chunks - 1);

  while (run_one (self, 0))
    ;
  if (spin (self, &self->pending, true))
    return;
  pthread_mutex_lock (&self->lock);
  atomic_store (&self->caller_sleeps, 1);
  while (atomic_load (&self->pending) > 0)
    pthread_cond_wait (&self->done, &self->lock);
  atomic_store (&self->caller_sleeps, 0);
  pthread_mutex_unlock (&self->lock);
}

void
eqk_pool_run (EqkPool *self, size_t n_chunks, EqkChunkFunc func, void *data)
{
  if (self == NULL || self->n_workers == 0 || n_chunks <= 1)
    {
      for (size_t i = 0; i < n_chunks; i++)
        func (data, i, 0);
      return;
    }
  for (size_t first = 0; first < n_chunks; first += MAX_CHUNKS)
    run_round (self, first, n_chunks - first < MAX_CHUNKS ? (unsigned) (n_chunks - first) : MAX_CHUNKS, func, data);
}
