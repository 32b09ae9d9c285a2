/* Weights and states of a program, shared by the runs that use them. */

#include "graph/run-private.h"

#include "eqk/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct EqkStore
{
  int          refs;
  EqkPrecision precision;
  size_t       n_weights, n_state;
  void        *weights, *state;
  uint64_t     version;
};

static void
set_number (const EqkStore *self, void *buffer, size_t i, double value)
{
  if (self->precision == EQK_F32)
    ((float *) buffer)[i] = (float) value;
  else
    ((double *) buffer)[i] = value;
}

static double
get_number (const EqkStore *self, const void *buffer, size_t i)
{
  return self->precision == EQK_F32 ? ((const float *) buffer)[i] : ((const double *) buffer)[i];
}

/* The value a tensor's number i starts with. */
static double
initial (const EqkInit *init, EqkRandom *random, size_t i)
{
  switch (init->kind)
    {
    case EQK_INIT_ZEROS:    return 0;
    case EQK_INIT_ONES:     return 1;
    case EQK_INIT_CONSTANT: return init->a;
    case EQK_INIT_NORMAL:   return init->a * eqk_random_normal (random);
    case EQK_INIT_UNIFORM:  return init->a * (2 * eqk_random_uniform (random) - 1);
    case EQK_INIT_TABLE:    return init->table[i] * eqk_random_normal (random);
    }
  return 0;
}

static void
initialise (EqkStore *self, const EqkProgram *program, uint64_t seed)
{
  for (int v = 0; v < program->n_values; v++)
    {
      const EqkValue *value = &program->values[v];
      EqkRandom       random = eqk_random (seed, EQK_RANDOM_INIT, 0, 0, (uint32_t) value->offset);
      void           *buffer = value->kind == EQK_VALUE_WEIGHT ? self->weights : self->state;

      if (value->kind != EQK_VALUE_WEIGHT && value->kind != EQK_VALUE_STATE)
        continue;
      for (size_t i = 0; i < (size_t) value->width; i++)
        set_number (self, buffer, value->offset + i, initial (&value->init, &random, i));
    }
}

EqkStore *
eqk_store_new (const EqkProgram *program, EqkPrecision precision, uint64_t seed)
{
  EqkStore    *self = calloc (1, sizeof *self);
  const size_t size = (size_t) precision / 8;

  if (self == NULL)
    return NULL;
  self->refs = 1;
  self->precision = precision;
  self->n_weights = program->n_weights;
  self->n_state = program->n_state;
  self->weights = calloc (program->n_weights + 1, size);
  self->state = calloc (program->n_state + 1, size);
  self->version = 1;
  if (self->weights == NULL || self->state == NULL)
    {
      eqk_store_unref (self);
      return NULL;
    }
  initialise (self, program, seed);
  return self;
}

EqkStore *
eqk_store_ref (EqkStore *self)
{
  __atomic_add_fetch (&self->refs, 1, __ATOMIC_RELAXED);
  return self;
}

void
eqk_store_unref (EqkStore *self)
{
  if (self == NULL || __atomic_sub_fetch (&self->refs, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  free (self->weights);
  free (self->state);
  free (self);
}

EqkPrecision
eqk_store_precision (const EqkStore *self)
{
  return self->precision;
}

size_t
eqk_store_n_weights (const EqkStore *self)
{
  return self->n_weights;
}

size_t
eqk_store_n_state (const EqkStore *self)
{
  return self->n_state;
}

void *
eqk_store_weights (EqkStore *self)
{
  return self->weights;
}

void *
eqk_store_state (EqkStore *self)
{
  return self->state;
}

void
eqk_store_touch (EqkStore *self)
{
  self->version++;
}

uint64_t
eqk_store_version (const EqkStore *self)
{
  return self->version;
}

EqkStatus
eqk_store_copy (EqkStore *to, const EqkStore *from)
{
  if (to->n_weights != from->n_weights || to->n_state != from->n_state)
    return EQK_ERR_SHAPE;
  for (size_t i = 0; i < from->n_weights; i++)
    set_number (to, to->weights, i, get_number (from, from->weights, i));
  for (size_t i = 0; i < from->n_state; i++)
    set_number (to, to->state, i, get_number (from, from->state, i));
  to->version++;
  return EQK_OK;
}

/*
 * Weights drawn at their initial scale, those that start at a constant moved off it by a tenth or more: a bias that is zero
 * hides that it is added wrongly. Running variances become positive and different, running means not zero.
 */
void
eqk_store_randomise (EqkStore *self, const EqkProgram *program, uint64_t seed)
{
  for (int v = 0; v < program->n_values; v++)
    {
      const EqkValue *value = &program->values[v];
      EqkRandom       random = eqk_random (seed, EQK_RANDOM_AUDIT, 0, 1, (uint32_t) value->offset);
      const bool      is_weight = value->kind == EQK_VALUE_WEIGHT;
      void           *buffer = is_weight ? self->weights : self->state;
      const bool      variance = !is_weight && value->kind == EQK_VALUE_STATE && value->init.kind != EQK_INIT_ZEROS;

      if (!is_weight && value->kind != EQK_VALUE_STATE)
        continue;
      for (size_t i = 0; i < (size_t) value->width; i++)
        {
          double number = initial (&value->init, &random, i);

          if (variance)
            number = 0.5 + eqk_random_uniform (&random);
          else if (value->init.kind == EQK_INIT_ZEROS || value->init.kind == EQK_INIT_ONES || value->init.kind == EQK_INIT_CONSTANT)
            number += 0.3 * eqk_random_normal (&random);
          set_number (self, buffer, value->offset + i, number);
        }
    }
  self->version++;
}
