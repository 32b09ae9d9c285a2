/*
 * What drives an exported network with forces, for ethanol-dynamics.sh. Compiled beside model.c as it is exported ("forces", "run"),
 * and once more with float meaning double ("slopes"): the same network with plain loops and without rounding, whose energy can be differentiated.
 *
 *   nve forces FRAMES          the network's forces, one number a line
 *   nve slopes FRAMES          minus the derivative of its energy by each coordinate, from four differences
 *   nve run FRAMES STEPS FS K  constant-energy dynamics of the first frame; tells the drift, status 1 at 1 meV an atom or more
 *
 * FRAMES: for each frame the number of atoms, then kind, mass, x, y, z of each. Coordinates and velocities are kept in double.
 */

#include "model.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PER_FS2 0.009648533212331      /* eV / (Å u) in Å/fs² */
#define BOLTZMANN 8.617333262e-5

static EQ_MODEL_MEMORY (arena, 2 * EQ_MODEL_ARENA_BYTES);
static eq_model model;
static int32_t  n_atoms, kinds[EQ_MODEL_MAX_NODES];
static double   mass[EQ_MODEL_MAX_NODES], x[3 * EQ_MODEL_MAX_NODES], v[3 * EQ_MODEL_MAX_NODES];
static float    forces[3 * EQ_MODEL_MAX_NODES];

static double
look_up (const double *at)
{
  static float   positions[3 * EQ_MODEL_MAX_NODES];
  static int32_t src[EQ_MODEL_MAX_EDGES], dst[EQ_MODEL_MAX_EDGES];
  int32_t        n = 0;
  float          energy;

  for (int32_t i = 0; i < n_atoms; i++)
    for (int32_t j = 0; j < n_atoms; j++)
      {
        double r2 = 0;

        for (int k = 0; k < 3; k++)
          r2 += (at[3 * i + k] - at[3 * j + k]) * (at[3 * i + k] - at[3 * j + k]);
        if (i == j || r2 > (double) EQ_MODEL_CUTOFF * (double) EQ_MODEL_CUTOFF)
          continue;
        src[n] = j;
        dst[n++] = i;
      }
  for (int32_t i = 0; i < 3 * n_atoms; i++)
    positions[i] = (float) at[i];
  if (eq_model_run (&model, n_atoms, positions, kinds, n, src, dst, &energy, forces) != EQ_MODEL_OK)
    {
      fprintf (stderr, "the model refused\n");
      exit (2);
    }
  return (double) energy;
}

static int
read_frame (FILE *file)
{
  if (fscanf (file, "%d", &n_atoms) != 1)
    return 0;
  if (n_atoms < 1 || n_atoms > EQ_MODEL_MAX_NODES)
    exit (2);
  for (int32_t i = 0; i < n_atoms; i++)
    if (fscanf (file, "%d %lf %lf %lf %lf", &kinds[i], &mass[i], &x[3 * i], &x[3 * i + 1], &x[3 * i + 2]) != 5)
      exit (2);
  return 1;
}

static void
print_slopes (void)
{
  const double h = 1e-3;

  for (int32_t i = 0; i < 3 * n_atoms; i++)
    {
      static const double factors[4] = { 1.0 / 12, -8.0 / 12, 8.0 / 12, -1.0 / 12 }, steps[4] = { -2, -1, 1, 2 };
      const double at = x[i];
      double       slope = 0;

      for (int k = 0; k < 4; k++)
        {
          x[i] = at + steps[k] * h;
          slope += factors[k] * look_up (x) / h;
        }
      x[i] = at;
      printf ("%.9g\n", -slope);
    }
}

static double
normal (void)
{
  static unsigned long long state = 88172645463325252ULL;
  double                    u[2];

  for (int k = 0; k < 2; k++)
    {
      state ^= state << 13;
      state ^= state >> 7;
      state ^= state << 17;
      u[k] = ((double) (state >> 11) + 0.5) / 9007199254740992.0;
    }
  return sqrt (-2 * log (u[0])) * cos (6.283185307179586 * u[1]);
}

static double
kinetic_energy (void)
{
  double sum = 0;

  for (int32_t i = 0; i < 3 * n_atoms; i++)
    sum += mass[i / 3] * v[i] * v[i] / 2 / PER_FS2;
  return sum;
}

static void
draw_velocities (double kelvin)
{
  double momentum[3] = { 0 }, all = 0, by;

  for (int32_t i = 0; i < 3 * n_atoms; i++)
    {
      v[i] = normal () / sqrt (mass[i / 3]);
      momentum[i % 3] += mass[i / 3] * v[i];
      all += i % 3 == 0 ? mass[i / 3] : 0;
    }
  for (int32_t i = 0; i < 3 * n_atoms; i++)
    v[i] -= momentum[i % 3] / all;
  by = sqrt (1.5 * (n_atoms - 1) * BOLTZMANN * kelvin / kinetic_energy ());
  for (int32_t i = 0; i < 3 * n_atoms; i++)
    v[i] *= by;
}

/* Steps in tenths: the drift is from the mean of the first to that of the last. */
static int
run (long steps, double fs, double kelvin)
{
  double start, tenths[10] = { 0 }, farthest = 0, heat = 0, drift;

  draw_velocities (kelvin);
  start = look_up (x) + kinetic_energy ();
  for (long step = 0; step < steps; step++)
    {
      double total, kinetic;

      for (int32_t i = 0; i < 3 * n_atoms; i++)
        {
          v[i] += fs / 2 * PER_FS2 * (double) forces[i] / mass[i / 3];
          x[i] += fs * v[i];
        }
      total = look_up (x);
      for (int32_t i = 0; i < 3 * n_atoms; i++)
        v[i] += fs / 2 * PER_FS2 * (double) forces[i] / mass[i / 3];
      kinetic = kinetic_energy ();
      total += kinetic;
      heat += kinetic / (1.5 * (n_atoms - 1) * BOLTZMANN) / (double) steps;
      tenths[step * 10 / steps] += total / ((double) steps / 10);
      farthest = fmax (farthest, fabs (total - start));
      if (!(farthest < 1e6))
        {
          printf ("the energy is lost after %ld steps\n", step + 1);
          return 1;
        }
    }
  for (int k = 0; k < 10; k++)
    printf ("tenth %2d: mean total energy %+.4f meV an atom from the start\n", k + 1, 1000 * (tenths[k] - start) / n_atoms);
  drift = 1000 * (tenths[9] - tenths[0]) / n_atoms;
  printf ("%ld steps of %g fs at %.0f K: drift %+.4f meV an atom, farthest from the start %.4f meV an atom\n", steps, fs, heat, drift, 1000 * farthest / n_atoms);
  return fabs (drift) < 1 ? 0 : 1;
}

int
main (int argc, char **argv)
{
  FILE *file = argc > 2 ? fopen (argv[2], "r") : NULL;

  if (file == NULL || eq_model_init (&model, arena, sizeof arena) != EQ_MODEL_OK)
    return 2;
  if (argc == 6 && strcmp (argv[1], "run") == 0)
    return read_frame (file) ? run (atol (argv[3]), atof (argv[4]), atof (argv[5])) : 2;
  while (read_frame (file))
    if (strcmp (argv[1], "slopes") == 0)
      print_slopes ();
    else
      {
        look_up (x);
        for (int32_t i = 0; i < 3 * n_atoms; i++)
          printf ("%.9g\n", (double) forces[i]);
      }
  fclose (file);
  return 0;
}
