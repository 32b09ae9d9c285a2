#pragma once

/** What vector neurons share: the fields of a representation as runs. Static, header only. */

#include "layers/irreps.h"
#include "layers/nodes.h"
#include "ops/direction.h"
#include "core/memory.h"

/** All runs of rep, kept by the program; false without memory. */
static inline bool
eqk_direction_params (EqkBuild *b, const EqkRep *rep, EqkDirectionParams *p)
{
  EqkFieldRun *runs = eqk_calloc ((size_t) eqk_rep_n_runs (rep) + 1, sizeof *runs);
  int          channel = 0;

  p->n_channels = eqk_rep_get_dim (rep);
  for (int r = 0; runs != NULL && r < eqk_rep_n_runs (rep); r++)
    {
      const EqkRepRun run = eqk_rep_run (rep, r);

      runs[p->n_runs++] = (EqkFieldRun) { channel, eqk_field_get_dim (run.field), run.mul };
      channel += run.mul * eqk_field_get_dim (run.field);
    }
  p->runs = runs == NULL ? NULL : eqk_build_keep (b, runs, ((size_t) p->n_runs + 1) * sizeof *runs);
  free (runs);
  return p->runs != NULL;
}
