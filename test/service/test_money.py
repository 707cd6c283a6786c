#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Transfers: exact, never below zero, never lost, also when many are made at once."""
import concurrent.futures
import decimal
import random

from harness import case, check, main


@case
def money_is_exact(t):
    ann, bob = t.user("ann", "0.10"), t.user("bob")
    check(t.post(f"/accounts/{ann}/deposits", amount="0.20")["balance"] == "0.30")
    moved = t.post("/transfers", from_id=ann, to_id=bob, amount="0.30")
    check(moved.status == 201 and moved["amount"] == "0.30" and moved["from_id"] == ann, moved)
    check(t.get(f"/accounts/{ann}")["balance"] == "0.00" and t.get(f"/accounts/{bob}")["balance"] == "0.30")
    check(t.post(f"/accounts/{ann}/deposits", amount="9999999999.99")["balance"] == "9999999999.99")
    check(t.post(f"/accounts/{ann}/deposits", amount="0.01").error["code"] == "too_much")
    check(t.post("/transfers", from_id=bob, to_id=ann, amount="0.01").error["code"] == "too_much")
    check(t.get(f"/accounts/{bob}")["balance"] == "0.30")


@case
def transfers_are_refused(t):
    ann, bob = t.user("ann", "10"), t.user("bob")
    for fields, status in (({"from_id": ann, "to_id": bob, "amount": "10.01"}, 409),
                           ({"from_id": bob, "to_id": ann, "amount": "0.01"}, 409),
                           ({"from_id": ann, "to_id": ann, "amount": "1"}, 422),
                           ({"from_id": ann, "to_id": 999, "amount": "1"}, 422),
                           ({"from_id": 999, "to_id": ann, "amount": "1"}, 422),
                           ({"from_id": ann, "to_id": bob, "amount": "-1"}, 422),
                           ({"from_id": ann, "to_id": bob, "amount": "0"}, 422),
                           ({"from_id": ann, "to_id": bob, "amount": "0.001"}, 422),
                           ({"from_id": ann, "to_id": bob, "amount": "1e99"}, 422),
                           ({"from_id": ann, "to_id": bob, "amount": "ten"}, 422),
                           ({"from_id": ann, "to_id": bob}, 422)):
        answer = t.post("/transfers", **fields)
        check(answer.status == status, fields, answer)
    check(t.database.rows("SELECT count(*) FROM transfers WHERE from_id IS NOT NULL") == [["0"]])
    check(t.get("/accounts/999").status == 404 and t.post("/accounts/999/deposits", amount="1").status == 404)
    hard = t.delete(f"/users/{ann}?hard=true")
    check(hard.status == 409 and hard.error["code"] == "not_empty", "with money nobody is deleted for good", hard)
    check(t.delete(f"/users/{bob}?hard=true").status == 204)


@case
def none_is_lost_by_many_at_once(t):
    users = [t.user(f"user_{i}", "10.00") for i in range(4)]
    chance = random.Random(7)
    wanted = [(*chance.sample(users, 2), f"{chance.randint(1, 700) / 100:.2f}") for _ in range(80)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda w: t.post("/transfers", from_id=w[0], to_id=w[1], amount=w[2]), wanted))
    check({a.status for a in answers} <= {201, 409}, [a for a in answers if a.status not in (201, 409)][:3])
    balance = {user: decimal.Decimal("10.00") for user in users}
    for (giver, taker, amount), answer in zip(wanted, answers):
        if answer.status == 201:
            balance[giver] -= decimal.Decimal(amount)
            balance[taker] += decimal.Decimal(amount)
    now = {user: decimal.Decimal(t.get(f"/accounts/{user}")["balance"]) for user in users}
    check(now == balance and min(now.values()) >= 0 and sum(now.values()) == 40, now, balance)
    made = sum(a.status == 201 for a in answers)
    check(t.database.rows("SELECT count(*) FROM transfers WHERE from_id IS NOT NULL") == [[str(made)]] and made > 0)


main(__name__)
