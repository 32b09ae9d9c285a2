/* Rows of irreps in another order, and the networks of radial functions that give products their weights. */

#include "layers/irreps.h"
#include "core/memory.h"

#include "ops/op_act.h"
#include "ops/op_linear.h"
#include "ops/plane.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- order of numbers ---- */

int
eqk_irreps_reorder (EqkBuild *b, int x, const EqkRep *rep, EqkSpace space, bool to_components, EqkDiag *diag)
{
  const int     n = eqk_rep_get_dim (rep), out = eqk_build_value (b, space, n);
  int32_t      *map = eqk_malloc (((size_t) n + 1) * sizeof *map), *back = eqk_malloc (((size_t) n + 1) * sizeof *back);
  EqkTakeBlock *blocks = eqk_malloc (((size_t) eqk_rep_n_runs (rep) + 1) * sizeof *blocks);
  EqkTakeParams p = { .n_in = n, .n_out = n, .n_blocks = eqk_rep_n_runs (rep), .to_components = to_components };
  int           at = 0;

  if (map != NULL && back != NULL && blocks != NULL)
    {
      for (int r = 0; r < eqk_rep_n_runs (rep); r++)
        {
          const EqkRepRun run = eqk_rep_run (rep, r);
          const int       dim = eqk_field_get_dim (run.field);

          blocks[r] = (EqkTakeBlock) { at, run.mul, dim };
          for (int u = 0; u < run.mul; u++)
            for (int m = 0; m < dim; m++)
              {
                const int copies = at + u * dim + m, components = at + m * run.mul + u;

                map[to_components ? components : copies] = to_components ? copies : components;
                back[to_components ? copies : components] = to_components ? components : copies;
              }
          at += run.mul * dim;
        }
      p.map = eqk_build_keep (b, map, (size_t) n * sizeof *map);
      p.back = eqk_build_keep (b, back, (size_t) n * sizeof *back);
      p.blocks = eqk_build_keep (b, blocks, (size_t) p.n_blocks * sizeof *blocks);
    }
  free (map);
  free (back);
  free (blocks);
  return p.map == NULL || p.back == NULL || p.blocks == NULL || out < 0 || eqk_build_op (b, "take_channels", &x, 1, &out, 1, &p, sizeof p, diag) != EQK_OK ? -1 : out;
}

/* ---- radial networks ---- */

int
eqk_radial_mlp (EqkBuild *b, const char *name, int x, EqkSpace space, int n_in, const int *hidden, int n_hidden, int n_out, const char *act, const char *constants, bool bias,
                EqkDiag *diag)
{
  const EqkActParams a = { (EqkAct) eqk_act_find (act), eqk_act_constant (eqk_act_find (act), constants), EQK_LEAKY_SLOPE };
  char               weight[64];

  for (int i = 0; i <= n_hidden && x >= 0; i++)
    {
      const int width = i < n_hidden ? hidden[i] : n_out, shape[2] = { n_in, width };
      int       in[3] = { x, -1, -1 }, y = eqk_build_value (b, space, width);

      snprintf (weight, sizeof weight, "%s%s%d.weight", name, name[0] == '\0' ? "" : ".", i);
      in[1] = eqk_build_weight (b, weight, shape, 2, (EqkInit){ EQK_INIT_NORMAL, 1, NULL });
      snprintf (weight, sizeof weight, "%s%s%d.bias", name, name[0] == '\0' ? "" : ".", i);
      in[2] = bias ? eqk_build_weight (b, weight, shape + 1, 1, (EqkInit){ EQK_INIT_ZEROS, 0, NULL }) : -1;
      if (in[1] < 0 || y < 0 || (bias && in[2] < 0) ||
          eqk_build_op (b, "linear", in, 3, &y, 1, &(EqkLinearParams){ n_in, width, 1, 1 / sqrt ((double) n_in) }, sizeof (EqkLinearParams), diag) != EQK_OK)
        return -1;
      x = y;
      if (i < n_hidden)
        {
          y = eqk_build_value (b, space, width);
          if (y < 0 || eqk_build_op (b, "act", &x, 1, &y, 1, &a, sizeof a, diag) != EQK_OK)
            return -1;
          x = y;
        }
      n_in = width;
    }
  return x;
}
