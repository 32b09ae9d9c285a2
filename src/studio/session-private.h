#pragma once

/* What the files of the session share: the object, and what one of them tells another. */

#include "studio/session.h"

struct _EqsSession
{
  GObject      parent_instance;

  EqsDocument *document;        /* owned */
  EqsHistory  *history;         /* owned */
  char        *path;            /* owned (nullable) */

  EqsCheck    *check;           /* owned (nullable) */
  guint        serial;          /* of the document: counts changes of meaning */
  guint        checked_serial;  /* of check */
  gboolean     checking;
  guint        check_idle;
  char        *hash;            /* owned (nullable): of the document as it is */
  char        *network_hash;    /* owned (nullable): of what decides which weights there are */

  char        *scope;           /* owned: never NULL */
  GPtrArray   *selection;       /* owned: of char *, ends with NULL */
  char        *probe_node, *probe_port;   /* owned (nullable) */
  double       angle_rad;
  gboolean     mirror;

  EqsDataset  *dataset;         /* owned (nullable) */
  EqsDataTest *data_test;       /* owned */
  char        *data_key;        /* owned (nullable): what dataset or the error is of, or what is being read, and how */
  EqsDataLook *data_look;       /* owned (nullable): of dataset */
  char        *data_error;      /* owned (nullable) */
  gboolean     loading;

  GListStore  *runs;            /* owned */
  EqsTraining *run;             /* owned (nullable) */
  guint        run_count;
  guint        epochs_told;     /* of run: after which of them "weights-changed" was told */
  char        *runs_folder;     /* owned (nullable) */

  EqsMap      *audit;           /* owned (nullable) */
  char        *audit_hash;      /* owned (nullable) */

  gboolean     looking_at_poses;
  char        *pose_key;        /* owned (nullable): network, data and weights that were last looked at */
  char        *pose_network;    /* owned (nullable): of the network that the counts are of */
  guint        n_parallel, n_rotations;
};

enum
{
  EQS_SESSION_CHECKED, EQS_SESSION_SELECTION_CHANGED, EQS_SESSION_SCOPE_CHANGED, EQS_SESSION_REVEAL, EQS_SESSION_LOOK_AT, EQS_SESSION_PROBE_CHANGED,
  EQS_SESSION_ELEMENT_CHANGED, EQS_SESSION_DATA_CHANGED, EQS_SESSION_RUNS_CHANGED, EQS_SESSION_WEIGHTS_CHANGED, EQS_SESSION_AUDITED,
  EQS_SESSION_FILE_CHANGED, EQS_SESSION_MESSAGE, EQS_SESSION_N_SIGNALS
};

extern guint eqs_session_signals[EQS_SESSION_N_SIGNALS];

/* Something was measured: findings may come or go, though the design is the same. */
void eqs_session_check_again (EqsSession *self);

/* ---- session-runs.c ---- */

/* Of what decides which weights there are; owned by the session until the document changes. */
const char *eqs_session_network_hash (EqsSession *self);

/* ---- session-poses.c ---- */

/* Looks in the background at rotations of two arrows, where there are any and network, weights or data are others than before. */
void eqs_session_look_at_poses (EqsSession *self);

/* ---- session-data.c ---- */

/* Reads the data that the design names, when they are others than before or are to be read in another way. */
void eqs_session_read_data   (EqsSession *self);
void eqs_session_data_test_changed_cb (EqsDataTest *test, EqsSession *self);
