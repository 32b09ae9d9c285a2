#pragma once

/* What the files of batches share: a feeder, and how one sample is turned. */

#include "services/batch.h"
#include "services/noise.h"

typedef struct
{
  int              value;       /* of the program */
  const EqsColumn *column;      /* NULL: kinds of points where the data tell none, all alike */
  const EqkPortType *type;
  gint32          *species;     /* map from atomic number to index; NULL otherwise */
} Input;

/* What noise makes of a batch: the columns have no data of their own. */
enum { MIX_POSITIONS, MIX_TYPES, MIX_TIME, MIX_NOISE, MIX_TYPE_NOISE, N_MIXED };
typedef struct
{
  EqsNoise         noise;
  const EqsColumn *positions, *species;
  EqsColumn        columns[N_MIXED];
  float           *rows[N_MIXED];
  gsize            room;          /* rows */
} Mix;

typedef struct
{
  EqsTarget        target;
  const EqkProgramOutput *output;
  const EqsColumn *column;      /* NULL: nothing to compare with */
  gboolean         labels;
  void            *values;      /* of the present batch */
  gsize            room;
} Output;

struct _EqsFeeder
{
  const EqkProgram *program;
  EqsSplit         *split;
  GArray           *inputs;     /* of Input */
  Output           *outputs;
  guint             n_outputs;
  gboolean          ragged;
  const EqsColumn  *links;      /* (nullable) ends of the edges that come with the data */
  guint32          *order;      /* of the edges of the present batch: which stands where */
  gint32           *ends;       /* the same edges as they came: all sources, then all targets */
  gsize             edges_room, most_edges;   /* most_edges: of a sample, by the design's rule; 0 where edges come with the data */
  float            *buffer;
  gsize             buffer_room;
  gint32            species_map[128];
  gboolean          has_kinds;  /* species_map is settled by data */
  Mix              *mix;        /* owned (nullable) */
};

/* ---- batch-match.c ---- */

/* Which column feeds which input, and with targets which output is compared with which. FALSE names what has none. */
gboolean eqs_feeder_match        (EqsFeeder *self, gboolean targets, GError **error);
/* Which of the mixed columns a feed or an output takes; -1. */
int      eqs_feeder_mixed_feed   (const EqsFeeder *self, int v);
int      eqs_feeder_mixed_output (const EqsFeeder *self, guint i);

/* ---- batch-kinds.c ---- */

/* Atomic numbers become 0, 1, … in ascending order of those in the split's file. */
gboolean eqs_feeder_map_species  (EqsFeeder *self, const EqsColumn *column, GError **error);

/* ---- batch-turn.c ---- */

typedef struct
{
  double          inverse[4];      /* of the element's action on the plane */
  const EqkGroup *group;
  EqkElement      g;
  gboolean        identity;
} EqsSampleTurn;

/* The element that a sample is turned by; the same for the same (seed, step, sample). */
EqsSampleTurn eqs_sample_turn_of (EqsTransform transform, const EqkGroup *group, guint64 seed, guint step, guint sample);
/* Classes of pixels; those from outside are 0. */
void     eqs_sample_turn_labels   (const EqsSampleTurn *turn, const gint32 *from, gint32 *to, int h, int w);
/* Numbers that are no scalars turn along, whatever they sit on. */
gboolean eqs_sample_turn_channels (const EqsSampleTurn *turn, const EqkRep *rep, float *values, gsize rows, GError **error);
/* One sample: its pixels move, its channels turn. */
gboolean eqs_sample_turn_rows     (const EqsSampleTurn *turn, const EqsColumn *column, const EqkPortType *type, const float *from, float *to, gsize rows, GError **error);
