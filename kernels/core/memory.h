#pragma once

/*
 * Memory for groups, representations, layers and types: what is made before a program runs. Many of those who make such things
 * give NULL both for what does not exist and without memory. The count of allocations that were refused, by this process so far,
 * tells the two apart: where it has risen meanwhile, nothing that was found out is to be believed (eqk_graph_infer, eqk_compile).
 */

#include <stddef.h>

void    *eqk_malloc          (size_t bytes);
void    *eqk_calloc          (size_t n, size_t bytes);
void    *eqk_realloc         (void *memory, size_t bytes);
void    *eqk_aligned_alloc   (size_t alignment, size_t bytes);
char    *eqk_strdup          (const char *text);
unsigned eqk_memory_refusals (void);
