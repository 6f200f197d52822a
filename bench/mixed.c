/*
 * mixed: people who come to rooms and go, who talk there and in private.
 *
 * What is done is drawn from a seed, and does not depend on the time that
 * anything takes.  Who hears it does a little: a message and a JOIN of two
 * people may come to the server in either order.  So for each message
 *
 *   must  those who were in the room when it was said, and stay
 *   may   those who were on their way in or out
 *
 * and everyone else must not hear it, nobody twice.
 */
#include "ircload.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOMS 50
#define MOST 5                /* rooms that one is in */

struct message {
    int room, due;            /* where, -1 in private; who must hear it and did not yet */
    int heard;                /* by how many: then the server has dealt with it */
    uint8_t *must, *may, *got;
};

static struct message *messages;
static uint8_t *bits;
static uint8_t *in, *moves;   /* [person][room]: is there when all is done; JOINs and PARTs under way */
static long flying, oldest;   /* things under way; all messages before this one were heard */
static uint64_t dice;

static unsigned roll(unsigned sides)
{
    dice ^= dice << 13, dice ^= dice >> 7, dice ^= dice << 17;
    return (unsigned)((dice >> 11) % sides);
}

/* the first rooms are large, the last ones small */
static int some_room(void)
{
    unsigned a = roll(ROOMS), b = roll(ROOMS);
    return (int)(a * b / ROOMS);
}

static int has(const uint8_t *set, int i) { return set[i >> 3] >> (i & 7) & 1; }
static void add(uint8_t *set, int i) { set[i >> 3] |= (uint8_t)(1 << (i & 7)); }
static void drop(uint8_t *set, int i) { set[i >> 3] &= (uint8_t)~(1 << (i & 7)); }

static void one_less(void)
{
    flying--;
    while (oldest < sent && !messages[oldest].due)
        oldest++;
}

static void move(int person, int room)
{
    struct conn *c = &conns[person];
    int k = person * ROOMS + room, coming = !in[k];
    for (long i = oldest > o.window ? oldest - o.window : 0; i < sent; i++) {
        struct message *m = &messages[i];
        if (m->room != room || has(m->got, person))
            continue;
        if (has(m->must, person)) {
            drop(m->must, person), add(m->may, person);
            if (!--m->due)
                one_less();
        } else if (!m->heard)
            add(m->may, person);
    }
    in[k] = (uint8_t)coming, moves[k]++, flying++;
    if (c->line)
        put(c, "/%s %s%d\n", coming ? "join" : "leave", o.channel + 1, room);
    else
        put(c, "%s %s%d\r\n", coming ? "JOIN" : "PART", o.channel, room);
}

/* the server says that somebody is in a room now, or no more */
void mixed_moved(struct conn *c, const char *channel)
{
    size_t k = strlen(o.channel + 1);
    channel += *channel == '#';
    if (strncmp(channel, o.channel + 1, k))
        return;               /* the lobby */
    int room = atoi(channel + k);
    if (room < 0 || room >= ROOMS || !moves[c->idx * ROOMS + room])
        blame(c, "came or went and did not mean to");
    else
        moves[c->idx * ROOMS + room]--, flying--;
}

static struct message *new_message(int room)
{
    struct message *m = &messages[sent];
    size_t width = (o.n + 7) / 8;
    m->room = room, m->due = m->heard = 0;
    m->must = bits + sent * 3 * width, m->may = m->must + width, m->got = m->may + width;
    memset(m->must, 0, 3 * width);
    return m;
}

static void talk(int person, int room)
{
    struct message *m = new_message(room);
    char target[64];
    for (int i = 0; i < o.n; i++) {
        if (i == person)
            continue;
        if (moves[i * ROOMS + room])
            add(m->may, i);
        else if (in[i * ROOMS + room])
            add(m->must, i), m->due++;
    }
    flying += m->due > 0;
    snprintf(target, sizeof target, "%s%d", o.channel, room);
    say(&conns[person], target, person);
}

static void tell(int person, int other)
{
    struct message *m = new_message(-1);
    char target[64];
    add(m->must, other), m->due = 1, flying++;
    snprintf(target, sizeof target, "%s%05d", o.nick, other);
    say(&conns[person], target, person);
}

void mixed_delivered(struct conn *c, uint32_t number)
{
    struct message *m = &messages[number];
    int k = m->room < 0 ? 0 : c->idx * ROOMS + m->room;
    m->heard++;
    if (m->room >= 0 && !in[k] && !moves[k])
        blame(c, "a message from a room that it is not in");
    else if (has(m->got, c->idx))
        blame(c, "a message came twice");
    else if (has(m->must, c->idx)) {
        if (!--m->due)
            one_less();
    } else if (!has(m->may, c->idx))
        blame(c, "a message that was not for it");
    add(m->got, c->idx);
}

/* half is said in rooms, three tenths in private, the rest is coming and going */
static void act(void)
{
    int person = (int)roll(o.n), what = (int)roll(100), mine[MOST + 1], count = 0;
    for (int r = 0; r < ROOMS && count <= MOST; r++)
        if (in[person * ROOMS + r])
            mine[count++] = r;
    int one = count ? mine[roll(count)] : 0, other = (int)roll(o.n - 1), new = some_room();
    if (what < 50 && count)
        talk(person, one);
    else if (what >= 90 && count > 1)
        move(person, one);
    else if (what >= 80 && count < MOST && !in[person * ROOMS + new])
        move(person, new);
    else
        tell(person, other + (other >= person));
}

static void wait_for(long under_way)
{
    while (flying > under_way && !bad && !nfailed)
        turn(1000);
}

void run_mixed(void)
{
    dice = 0x9e3779b97f4a7c15ull ^ o.seed;
    connect_range(0, o.n);
    settle(o.settle);
    messages = calloc(o.msgs, sizeof *messages);
    bits = malloc((size_t)o.msgs * 3 * ((o.n + 7) / 8));
    in = calloc(o.n, ROOMS), moves = calloc(o.n, ROOMS);
    begin(0);
    oldest = sent;
    for (int i = 0; i < 3 * o.n; i++) {
        int room = some_room();
        if (!in[i % o.n * ROOMS + room])
            move(i % o.n, room);
        wait_for(o.inflight);
    }
    wait_for(0);
    settle(o.settle);
    for (int r = -1; r < o.repeats; r++) {
        long count = r < 0 ? o.msgs / 5 : o.msgs;
        struct mark a, b;
        begin(0);
        oldest = 0;
        mark(&a);
        for (long i = 0; i < count && !bad && !nfailed; i++) {
            act();
            wait_for(o.window - 1);
        }
        wait_for(0);
        mark(&b);
        settle(.2);
        if (r >= 0 || bad || nfailed)
            report("action", count, &a, &b, !flying && !bad && !nfailed);
    }
}
