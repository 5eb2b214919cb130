const express = require('express');

const STATES = ['new', 'paid', 'shipped', 'cancelled'];
const MOVES = { new: ['paid', 'cancelled'], paid: ['shipped', 'cancelled'], shipped: [], cancelled: [] };

module.exports = function ordersRouter(db) {
  const router = express.Router();

  router.get('/', async (req, res, next) => {
    try {
      const { state, limit = 50 } = req.query;
      if (state && !STATES.includes(state)) {
        return res.status(400).json({ error: `unknown state ${state}` });
      }
      const orders = await db.orders.find(state ? { state } : {}, Number(limit));
      res.json(orders);
    } catch (error) {
      next(error);
    }
  });

  router.post('/:id/state', express.json(), async (req, res, next) => {
    try {
      const order = await db.orders.get(req.params.id);
      if (!order) return res.sendStatus(404);
      const wanted = req.body.state;
      if (!MOVES[order.state].includes(wanted)) {
        return res.status(409).json({ error: `cannot move from ${order.state} to ${wanted}` });
      }
      const changed = await db.orders.update(order.id, { state: wanted, version: order.version });
      if (!changed) return res.status(409).json({ error: 'changed by somebody else' });
      res.json({ ...order, state: wanted });
    } catch (error) {
      next(error);
    }
  });

  return router;
};
