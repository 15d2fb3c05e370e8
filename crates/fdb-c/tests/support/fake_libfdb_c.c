/* A stand-in for FoundationDB's libfdb_c, for the tests of what is handed on to it. It writes down what it is asked and
 * answers with a little: every read gives VALUE, "fake" if nothing else is said, but for special keys, of which it has none.
 * Macros make it one that is wanting: MAX_API sets its newest API version, WITHOUT_COMMIT leaves a function out, SILENT has
 * it answer nothing, as a client does that cannot reach its cluster and whose own timeouts do not work: a future then ends
 * only with its transaction, or when it is cancelled or destroyed, on the network's thread. With TELL it says on the
 * standard output when its network was stopped, and with NEVER_ENDS its network goes on nevertheless. */

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef MAX_API
#define MAX_API 730
#endif
#ifndef VALUE
#define VALUE "fake"
#endif

typedef void (*callback_t)(void *future, void *parameter);
typedef void (*hook_t)(void *parameter);

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static char log_text[4096];
static int stopped;
static hook_t hook;
static void *hook_parameter;
static int64_t database, transaction; /* Their addresses are the handles. */

#define LOG(...) (pthread_mutex_lock(&mutex), \
                  snprintf(log_text + strlen(log_text), sizeof log_text - strlen(log_text), __VA_ARGS__), \
                  pthread_mutex_unlock(&mutex))

/* A future. It is never freed: a late callback may ask it still. */
struct future {
    struct future *next;
    void *owner; /* Its transaction. */
    callback_t callback;
    void *parameter;
    int error; /* What it ended with, or is to end with. */
    int ended;
};

#ifdef SILENT
static struct future *futures;

static void *new_transaction(void) { return calloc(1, sizeof transaction); }

static void *future(void *owner) {
    struct future *made = calloc(1, sizeof *made);
    made->owner = owner;
    pthread_mutex_lock(&mutex);
    made->next = futures;
    futures = made;
    pthread_mutex_unlock(&mutex);
    return made;
}

/* Has a future, or every one of an owner, end with an error. */
static void doom(void *which, int error) {
    pthread_mutex_lock(&mutex);
    for (struct future *each = futures; each; each = each->next)
        if ((each == which || each->owner == which) && !each->error)
            each->error = error;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

/* Ends the futures that are to end. The mutex is held, but not while a callback runs. */
static void end_futures(void) {
    struct future *each = futures;
    while (each) {
        struct future *next = each->next;
        if (each->error && !each->ended) {
            each->ended = 1;
            callback_t callback = each->callback;
            if (callback) {
                pthread_mutex_unlock(&mutex);
                callback(each, each->parameter);
                pthread_mutex_lock(&mutex);
            }
            next = futures; /* The list may have grown. */
        }
        each = next;
    }
}
#else
static struct future answered = {.ended = 1};
static void *new_transaction(void) { return &transaction; }
static void *future(void *owner) { return &answered; }
static void doom(void *which, int error) {}
static void end_futures(void) {}
#endif

const char *fake_log(void) { return log_text; }

int fdb_get_max_api_version(void) { return MAX_API; }
const char *fdb_get_client_version(void) { return "7.3.0,fake,fdb00b073000000"; }
const char *fdb_get_error(int code) { return code ? "an error" : "Success"; }

int fdb_select_api_version_impl(int version, int header) {
    LOG("select %d %d\n", version, header);
    return 0;
}

int fdb_network_set_option(int option, const uint8_t *value, int length) {
    LOG("option %d %.*s\n", option, value ? length : 4, value ? (const char *)value : "null");
    return 0;
}

int fdb_setup_network(void) {
    LOG("setup\n");
    return 0;
}

int fdb_add_network_thread_completion_hook(hook_t function, void *parameter) {
    hook = function;
    hook_parameter = parameter;
    return 0;
}

int fdb_run_network(void) {
    LOG("run\n");
    pthread_mutex_lock(&mutex);
    while (end_futures(), !stopped)
        pthread_cond_wait(&changed, &mutex);
    pthread_mutex_unlock(&mutex);
    if (hook)
        hook(hook_parameter);
    LOG("ended\n");
    return 0;
}

int fdb_stop_network(void) {
    LOG("stop\n");
#ifdef TELL
    printf("network stopped\n");
    fflush(stdout);
#endif
#ifdef NEVER_ENDS
    return 0;
#endif
    pthread_mutex_lock(&mutex);
    stopped = 1;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
    return 0;
}

int fdb_create_database(const char *path, void **out) {
    LOG("database %s\n", path ? path : "null");
    *out = &database;
    return 0;
}

int fdb_create_database_from_connection_string(const char *string, void **out) {
    LOG("connection %s\n", string);
    *out = &database;
    return 0;
}

void fdb_database_destroy(void *d) { LOG("destroy %d\n", d == &database); }
/* Of the options only transaction_timeout is known, which is never seen to. */
int fdb_database_set_option(void *d, int option, const uint8_t *value, int length) { return option == 500 ? 0 : 2007; }
int fdb_database_create_transaction(void *d, void **out) {
    *out = new_transaction();
    return 0;
}

void fdb_transaction_destroy(void *t) { doom(t, 1025); }
void fdb_transaction_cancel(void *t) { doom(t, 1025); }
void fdb_transaction_reset(void *t) { doom(t, 1025); }
int fdb_transaction_set_option(void *t, int option, const uint8_t *value, int length) { return 0; }
void *fdb_transaction_get_read_version(void *t) { return future(t); }
void *fdb_transaction_get(void *t, const uint8_t *key, int length, int snapshot) {
    LOG("get %d %.*s %d\n", t == &transaction, length, (const char *)key, snapshot);
#ifndef SILENT
    static struct future no_such_module = {.error = 2113, .ended = 1};
    if (length > 1 && key[0] == 0xff && key[1] == 0xff)
        return &no_such_module;
#endif
    return future(t);
}
void *fdb_transaction_get_key(void *t, const uint8_t *key, int length, int or_equal, int offset, int snapshot) {
    return future(t);
}
void *fdb_transaction_get_range(void *t, const uint8_t *begin, int begin_length, int begin_or_equal, int begin_offset,
                                const uint8_t *end, int end_length, int end_or_equal, int end_offset, int limit,
                                int target_bytes, int mode, int iteration, int snapshot, int reverse) {
    return future(t);
}
void fdb_transaction_set(void *t, const uint8_t *key, int length, const uint8_t *value, int value_length) {
    LOG("set %.*s %.*s\n", length, (const char *)key, value_length, (const char *)value);
}
void fdb_transaction_atomic_op(void *t, const uint8_t *key, int length, const uint8_t *value, int value_length, int op) {}
void fdb_transaction_clear(void *t, const uint8_t *key, int length) {}
void fdb_transaction_clear_range(void *t, const uint8_t *begin, int length, const uint8_t *end, int end_length) {}
void *fdb_transaction_watch(void *t, const uint8_t *key, int length) { return future(t); }
#ifndef WITHOUT_COMMIT
void *fdb_transaction_commit(void *t) { return future(t); }
#endif
int fdb_transaction_get_committed_version(void *t, int64_t *out) {
    *out = 42;
    return 0;
}
void *fdb_transaction_on_error(void *t, int code) { return future(t); }

void fdb_future_cancel(void *f) { doom(f, 1101); }
void fdb_future_release_memory(void *f) {}
void fdb_future_destroy(void *f) { doom(f, 1101); }
int fdb_future_block_until_ready(void *f) { return 0; }
int fdb_future_is_ready(void *f) {
    pthread_mutex_lock(&mutex);
    int ended = ((struct future *)f)->ended;
    pthread_mutex_unlock(&mutex);
    return ended;
}
int fdb_future_set_callback(void *f, callback_t callback, void *parameter) {
    struct future *future = f;
    pthread_mutex_lock(&mutex);
    int ended = future->ended;
    if (!ended) {
        future->callback = callback;
        future->parameter = parameter;
    }
    pthread_mutex_unlock(&mutex);
    if (ended)
        callback(f, parameter);
    return 0;
}
int fdb_future_get_error(void *f) { return fdb_future_is_ready(f) ? ((struct future *)f)->error : 2015; }
int fdb_future_get_int64(void *f, int64_t *out) {
    *out = 42;
    return 0;
}
int fdb_future_get_key(void *f, const uint8_t **key, int *length) { return 2015; }
int fdb_future_get_value(void *f, int *present, const uint8_t **value, int *length) {
    *present = 1;
    *value = (const uint8_t *)VALUE;
    *length = sizeof VALUE - 1;
    return 0;
}
int fdb_future_get_keyvalue_array(void *f, const void **rows, int *count, int *more) { return 2015; }
