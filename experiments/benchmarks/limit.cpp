// Workload W written by hand for speed alone: the practical limit of what a machine can do.
//
// Nothing can be configured. Patients are no objects: a queue holds times of joining, a busy server
// is the time at which it will be free, and where someone goes next is drawn when he leaves. Every
// node keeps its own heap of those times, so that heaps are small; the next event is the least of
// six heads and the next arrival. Built and called by limit.py.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

namespace {

constexpr double forever = std::numeric_limits<double>::infinity();

// xoshiro256++ of Blackman and Vigna, seeded by splitmix64.
class Random {
public:
    explicit Random(std::uint64_t seed) {
        for (auto &word : state_) {
            seed += 0x9E3779B97F4A7C15u;
            std::uint64_t z = seed;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
            word = z ^ (z >> 31);
        }
    }

    // Uniform on (0, 1].
    double uniform() { return double((next() >> 11) + 1) * 0x1.0p-53; }

    double exponential(double mean) { return -mean * std::log(uniform()); }

    // Marsaglia's polar method; every second number is kept for the next call.
    double normal() {
        if (spare_ != forever) return std::exchange(spare_, forever);
        double x, y, s;
        do {
            x = 2.0 * uniform() - 1.0;
            y = 2.0 * uniform() - 1.0;
            s = x * x + y * y;
        } while (s >= 1.0 || s == 0.0);
        const double factor = std::sqrt(-2.0 * std::log(s) / s);
        spare_ = y * factor;
        return x * factor;
    }

private:
    std::uint64_t next() {
        const auto rotated = [](std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); };
        const std::uint64_t result = rotated(state_[0] + state_[3], 23) + state_[0];
        const std::uint64_t shifted = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = rotated(state_[3], 45);
        return result;
    }

    std::uint64_t state_[4];
    double spare_ = forever;
};

// First in, first out, in a ring that doubles when full.
class Queue {
public:
    bool empty() const { return first_ == last_; }
    void join(double time) {
        if (last_ - first_ == ring_.size()) grow();
        ring_[last_++ & (ring_.size() - 1)] = time;
    }
    double leave() { return ring_[first_++ & (ring_.size() - 1)]; }

private:
    void grow() {
        std::vector<double> larger(2 * ring_.size());
        for (std::size_t i = first_; i != last_; ++i)
            larger[i & (larger.size() - 1)] = ring_[i & (ring_.size() - 1)];
        ring_.swap(larger);
    }

    std::vector<double> ring_ = std::vector<double>(64);
    std::size_t first_ = 0, last_ = 0;
};

struct Node {
    explicit Node(std::size_t servers) : servers(servers) { ends.reserve(servers); }

    double next_end() const { return ends.empty() ? forever : ends.front(); }
    void push(double end) {
        ends.push_back(end);
        std::push_heap(ends.begin(), ends.end(), std::greater<>{});
    }
    void pop() {
        std::pop_heap(ends.begin(), ends.end(), std::greater<>{});
        ends.pop_back();
    }

    std::size_t servers;
    std::vector<double> ends; // a heap, the earliest in front
    Queue queue, urgent;
    std::vector<double> waits, urgent_waits;
    double busy = 0.0;
};

enum { triage, gp, call_back, ae, ward, community, nodes };

class Hospital {
public:
    Hospital(double horizon, std::uint64_t seed) : horizon_(horizon), random_(seed) {}

    void run() {
        double arrival = random_.exponential(1.0);
        double heads[nodes];
        std::fill(heads, heads + nodes, forever);
        for (;;) {
            int first = 0;
            for (int node = 1; node < nodes; ++node)
                if (heads[node] < heads[first]) first = node;
            if (std::min(heads[first], arrival) >= horizon_) return;
            if (arrival < heads[first]) {
                arrive(triage, arrival, false);
                heads[triage] = node_[triage].next_end();
                arrival += random_.exponential(1.0);
                continue;
            }
            const double now = heads[first];
            end(first, now);
            const int next = destination(first);
            if (next != nodes) {
                arrive(next, now, next == ae && random_.uniform() <= 0.2);
                heads[next] = node_[next].next_end();
            }
            heads[first] = node_[first].next_end();
        }
    }

    Node &node(int number) { return node_[number]; }

private:
    void arrive(int number, double now, bool is_urgent) {
        Node &node = node_[number];
        if (node.ends.size() < node.servers) {
            (is_urgent ? node.urgent_waits : node.waits).push_back(0.0);
            node.push(now + service(node, number, now));
        } else {
            (is_urgent ? node.urgent : node.queue).join(now);
        }
    }

    void end(int number, double now) {
        Node &node = node_[number];
        node.pop();
        if (!node.urgent.empty())
            node.urgent_waits.push_back(now - node.urgent.leave());
        else if (!node.queue.empty())
            node.waits.push_back(now - node.queue.leave());
        else
            return;
        node.push(now + service(node, number, now));
    }

    double service(Node &node, int number, double now) {
        static constexpr double means[nodes] = {3.0, 12.0, 8.0, 55.0, 5760.0, 28800.0};
        static const double variance = std::log(1.0 + (40.0 / 55.0) * (40.0 / 55.0));
        static const double mu = std::log(55.0) - variance / 2.0, sigma = std::sqrt(variance);
        const double time = number == ae ? std::exp(mu + sigma * random_.normal())
                                         : random_.exponential(means[number]);
        node.busy += std::min(time, horizon_ - now);
        return time;
    }

    int destination(int number) {
        if (number == gp || number == community) return nodes;
        const double u = random_.uniform();
        switch (number) {
        case triage: return u <= 0.55 ? gp : u <= 0.70 ? call_back : ae;
        case call_back: return u <= 0.30 ? ae : nodes;
        case ae: return u <= 0.25 ? ward : nodes;
        default: return u <= 0.20 ? community : nodes;
        }
    }

    double horizon_;
    Random random_;
    Node node_[nodes] = {Node(4), Node(8), Node(3), Node(26), Node(552), Node(584)};
};

// Visits, mean and 95th percentile (linear between order statistics, as numpy does it).
void summarise(std::vector<double> &waits, double *to) {
    double sum = 0.0;
    for (const double wait : waits) sum += wait;
    to[0] = double(waits.size());
    to[1] = to[2] = 0.0;
    if (waits.empty()) return;
    to[1] = sum / to[0];
    const double rank = 0.95 * (to[0] - 1.0);
    const auto place = waits.begin() + std::ptrdiff_t(rank);
    std::nth_element(waits.begin(), place, waits.end());
    const double above = place + 1 == waits.end() ? *place : *std::min_element(place + 1, waits.end());
    to[2] = *place + (rank - std::floor(rank)) * (above - *place);
}

} // namespace

// Simulate one replication. `waits` receives visits, mean and 95th percentile for each of seven
// groups (A&E high before low), `busy` the minutes of service at each of six nodes.
extern "C" void replicate(double days, std::uint64_t seed, double *waits, double *busy) {
    Hospital hospital(days * 1440.0, seed);
    hospital.run();
    for (int number = 0; number < nodes; ++number) {
        Node &node = hospital.node(number);
        if (number == ae) {
            summarise(node.urgent_waits, waits);
            waits += 3;
        }
        summarise(node.waits, waits);
        waits += 3;
        busy[number] = node.busy;
    }
}
