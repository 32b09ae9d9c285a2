#pragma once

/** Settings of a node: a small list of named values, as they stand in a design, and the description of what a layer takes. */

#include "eqk/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { EQK_SETTING_NUMBER, EQK_SETTING_BOOL, EQK_SETTING_TEXT, EQK_SETTING_LIST } EqkSettingKind;

typedef struct
{
  const char    *name;
  EqkSettingKind kind;
  double         number;      /**< NUMBER, BOOL (0 or 1) */
  const char    *text;        /**< TEXT */
  const double  *list;        /**< LIST of numbers */
  int            n;
} EqkSetting;

typedef struct EqkSettings EqkSettings;

/** An empty list (eqk_settings_free); NULL without memory. */
EqkSettings *eqk_settings_new  (void);
/** A deep copy (owned by the caller); of NULL an empty list. NULL without memory. */
EqkSettings *eqk_settings_copy (const EqkSettings *self);
/** Frees names and values too; NULL is let pass. */
void         eqk_settings_free (EqkSettings *self);
/* Setters copy what they are given; a second value of the same name replaces the first. */
/** EQK_ERR_NO_MEMORY, or EQK_OK. */
EqkStatus    eqk_settings_set_number (EqkSettings *self, const char *name, double value);
/** EQK_ERR_NO_MEMORY, or EQK_OK. */
EqkStatus    eqk_settings_set_bool   (EqkSettings *self, const char *name, bool value);
/** EQK_ERR_NO_MEMORY (the value before is lost then), or EQK_OK. `value` must not be a text of this list. */
EqkStatus    eqk_settings_set_text   (EqkSettings *self, const char *name, const char *value);
/** n numbers, none allowed. EQK_ERR_NO_MEMORY (the value before is lost then), or EQK_OK. */
EqkStatus    eqk_settings_set_list   (EqkSettings *self, const char *name, const double *values, int n);
/** How many settings there are; 0 for NULL. */
int               eqk_settings_count (const EqkSettings *self);
/** Setting i of 0 … count - 1 (not checked), in the order in which names first came; valid until the next setter. */
const EqkSetting *eqk_settings_at    (const EqkSettings *self, int i);
/** The setting of this name, borrowed until the next setter; NULL when the design does not say it. self may be NULL. */
const EqkSetting *eqk_settings_find  (const EqkSettings *self, const char *name);
/**
 * Reads "k=5 stride=2 out=16x reg act=relu hidden=[32,32] bias=off": the form of specimens and of --set. A value runs to the
 * next " name="; on/off/true/false are booleans, [..] lists, what reads as a number a number, all else text.
 */
EqkStatus    eqk_settings_parse (const char *text, EqkSettings **out, EqkDiag *diag);

typedef enum { EQK_PARAM_INT, EQK_PARAM_REAL, EQK_PARAM_BOOL, EQK_PARAM_CHOICE, EQK_PARAM_REP, EQK_PARAM_INT_LIST, EQK_PARAM_TEXT, EQK_PARAM_GROUP } EqkParamKind;

/** One setting a layer takes. Tables end with an entry whose name is NULL. */
typedef struct
{
  const char  *name;
  const char  *title;      /**< EQK_N_ */
  EqkParamKind kind;
  const char  *fallback;   /**< default, in the text form; NULL: must be given */
  double       min, max;   /**< INT, REAL and elements of INT_LIST: inclusive range */
  const char  *choices;    /**< CHOICE: "relu|elu|silu"; INT, EQK_N_: what the smallest means where it is no amount: "same size" */
  const char  *doc;        /**< EQK_N_: one sentence, with unit */
} EqkParam;

/** Checks every setting against params: unknown name, wrong kind, out of range, missing. Nothing is clamped. */
EqkStatus eqk_settings_check (const EqkSettings *self, const EqkParam *params, EqkDiag *diag);

/* Readers with the default applied; the settings must have passed the check. */
/** A number; 0 where neither settings nor table give one. */
double      eqk_settings_real (const EqkSettings *self, const EqkParam *params, const char *name);
/** As _real, cut to a whole number. */
int         eqk_settings_int  (const EqkSettings *self, const EqkParam *params, const char *name);
/** True for a number that is not 0, or for a default of "on" or "true". */
bool        eqk_settings_bool (const EqkSettings *self, const EqkParam *params, const char *name);
/** Borrowed from settings or table; "" where neither says anything. */
const char *eqk_settings_text (const EqkSettings *self, const EqkParam *params, const char *name);
/** Up to max numbers. @return how many the list holds */
int         eqk_settings_ints (const EqkSettings *self, const EqkParam *params, const char *name, int *out, int max);

#ifdef __cplusplus
}
#endif
