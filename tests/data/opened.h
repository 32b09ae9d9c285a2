#pragma once

/* Data sets that open, and parts that load or are refused. */

#include "data/dataset.h"
#include "fixture.h"

static inline EqsDataset *
open_fine (const char *name)
{
  g_autoptr (GError) error = NULL;
  EqsDataset *dataset = eqs_dataset_open (name, &error);

  g_assert_no_error (error);
  return dataset;
}

static inline EqsSplit *
load_fine (EqsDataset *dataset, const char *split)
{
  g_autoptr (GError) error = NULL;
  EqsSplit *result = eqs_dataset_load (dataset, split, &error);

  g_assert_no_error (error);
  return result;
}

static inline void
refuse_load (const char *folder, const char *split, EqsDataError code, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EqsDataset) dataset = open_fine (folder);

  g_assert_null (eqs_dataset_load (dataset, split, &error));
  assert_refused (error, code, part);
}
