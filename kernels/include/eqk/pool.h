#pragma once

/**
 * A small fork-join thread pool. The caller takes part in the work; threads claim chunks from an atomic counter, so
 * which thread runs a chunk is not fixed, and whatever depends on it (order of sums) must be fixed by the chunk number.
 */

#include "eqk/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct EqkPool EqkPool;

/** Work on chunk number `chunk`; `lane` (0 .. n_threads-1) is the index of the running thread, for scratch memory. */
typedef void (*EqkChunkFunc) (void *data, size_t chunk, int lane);

/** A pool of n_threads in all (the caller counts as one; 1 means no threads are made). NULL on no memory or n < 1. */
EqkPool *eqk_pool_new  (int n_threads);
/** Ends the threads and waits for them; not while eqk_pool_run is at work. NULL is let pass. */
void     eqk_pool_free (EqkPool *self);
/** Threads in all, the caller among them; 1 for NULL. */
int      eqk_pool_n_threads (const EqkPool *self);
/** Runs chunks 0 .. n_chunks-1 and returns when all are done. self may be NULL: runs them in order here. Not reentrant. */
void     eqk_pool_run  (EqkPool *self, size_t n_chunks, EqkChunkFunc func, void *data);

#ifdef __cplusplus
}
#endif
