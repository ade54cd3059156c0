//! Each command by itself, and what the lists show of it afterwards.

use okx_common::{
    decimal::Decimal,
    enums::{MgnMode, OrdType, OrderState, PosMode, Side, TdMode, TriggerPxType},
    ids::{AlgoClOrdId, AlgoId, ClOrdId, OrdId, SprdId},
    order::{
        AlgoKind, AlgoPx, AlgoSize, AlgoTarget, AmendAlgoOrder, AmendOrder, AmendSpreadOrder,
        CancelAlgoOrder, CancelAllAfter, CancelOrder, CancelSpreadOrder, ClosePosition, MassCancelSpread,
        NewPx, OrderTarget, PlaceAlgoOrder, PlaceOrder, PlaceSpreadOrder, Px, Trigger,
    },
};
use okx_http::{
    OkxHttpClient,
    endpoint::{
        Endpoint,
        account::{GetLeverage, GetPositions, SetLeverage, SetPositionMode},
        algo::{AlgoAck, AmendAlgo, CancelAlgos, GetAlgosPending, PlaceAlgo},
        spread::{
            AmendSpread, CancelAfterSpread, CancelMassSpread, CancelSpread, GetSpreadOrder, GetSpreads,
            PlaceSpread,
        },
        trade::{
            Ack, Amend, AmendBatch, Cancel, CancelAfter, CancelBatch, Close, GetFills, GetOrder,
            GetOrdersPending, Place, PlaceBatch,
        },
    },
};

use crate::support::{client, soon, start, unlimited};

const SWAP: &str = "BTC-USDT-SWAP";

fn dec(text: &str) -> Decimal {
    text.parse().expect("a number")
}

fn order(cl_ord_id: &str, ord_type: OrdType) -> PlaceOrder {
    let px = (ord_type == OrdType::Limit).then(|| Px::Px(dec("30000")));
    PlaceOrder {
        px,
        cl_ord_id: Some(ClOrdId::new(cl_ord_id)),
        ..PlaceOrder::new(SWAP, TdMode::Cross, Side::Buy, ord_type, dec("1"))
    }
}

fn by_client(id: &str) -> OrderTarget {
    OrderTarget::ClOrdId(ClOrdId::new(id))
}

async fn rows<E: Endpoint>(client: &OkxHttpClient, endpoint: &E) -> Vec<E::Row> {
    soon(client.all(endpoint)).await.unwrap_or_else(|error| panic!("{error}"))
}

/// The answer to a command, every item of which was accepted.
async fn done<E: Endpoint<Row = Ack>>(client: &OkxHttpClient, command: &E) -> Vec<Ack> {
    let acks = rows(client, command).await;
    assert!(acks.iter().all(|ack| ack.s_code.as_deref() == Some("0")), "{acks:?}");
    acks
}

async fn algo_done<E: Endpoint<Row = AlgoAck>>(client: &OkxHttpClient, command: &E) -> AlgoId {
    let acks = rows(client, command).await;
    assert_eq!(acks[0].s_code.as_deref(), Some("0"), "{acks:?}");
    AlgoId::new(acks[0].algo_id.as_deref().unwrap_or_default())
}

#[tokio::test]
async fn orders_are_changed_and_cancelled() {
    let server = start(unlimited());
    let client = client(&server);
    done(&client, &Place(&order("a1", OrdType::Limit))).await;
    let amend = AmendOrder {
        new_sz: Some(dec("2")),
        new_px: Some(NewPx::Px(dec("31000"))),
        req_id: Some("r1".to_owned()),
        ..AmendOrder::new(SWAP, by_client("a1"))
    };
    assert_eq!(done(&client, &Amend(&amend)).await[0].req_id.as_deref(), Some("r1"));
    let found = soon(client.order(&SWAP.into(), None, Some(ClOrdId::new("a1")))).await.expect("an answer");
    let row = found.expect("it exists");
    assert_eq!((row.sz, row.px, row.state), (Some(dec("2")), Some(dec("31000")), Some(OrderState::Live)));

    let orders = [order("b1", OrdType::Limit), order("b2", OrdType::Limit)];
    assert_eq!(done(&client, &PlaceBatch(&orders)).await.len(), 2);
    let amends =
        ["b1", "b2"].map(|id| AmendOrder { new_sz: Some(dec("3")), ..AmendOrder::new(SWAP, by_client(id)) });
    assert_eq!(done(&client, &AmendBatch(&amends)).await.len(), 2);
    let open = soon(client.list(&GetOrdersPending::new())).await.expect("a list");
    assert_eq!(open.iter().filter(|row| row.sz == Some(dec("3"))).count(), 2);

    done(&client, &Cancel(&CancelOrder::new(SWAP, by_client("a1")))).await;
    let cancels = ["b1", "b2"].map(|id| CancelOrder::new(SWAP, by_client(id)));
    done(&client, &CancelBatch(&cancels)).await;
    assert!(soon(client.list(&GetOrdersPending::new())).await.expect("a list").is_empty());
    let gone = rows(&client, &GetOrder { ord_id: row.ord_id.map(OrdId::from), ..GetOrder::new(SWAP) }).await;
    assert_eq!(gone[0].state, Some(OrderState::Canceled));
}

#[tokio::test]
async fn a_position_is_opened_and_closed() {
    let server = start(unlimited());
    let client = client(&server);
    let set = SetLeverage { inst_id: Some(SWAP.into()), ..SetLeverage::new(dec("7"), MgnMode::Cross) };
    assert_eq!(rows(&client, &set).await[0].lever, Some(dec("7")));
    let leverage = GetLeverage { inst_id: Some(SWAP.to_owned()), ..GetLeverage::new(MgnMode::Cross) };
    assert_eq!(rows(&client, &leverage).await[0].lever, Some(dec("7")));
    let mode = rows(&client, &SetPositionMode::new(PosMode::Net)).await;
    assert_eq!(mode[0].pos_mode, Some(PosMode::Net));

    done(&client, &Place(&order("m1", OrdType::Market))).await;
    let open = rows(&client, &GetPositions::new()).await;
    assert_eq!((open.len(), open[0].pos), (1, Some(dec("1"))));
    let closed = rows(&client, &Close(&ClosePosition::new(SWAP, MgnMode::Cross))).await;
    assert_eq!(closed[0].inst_id.as_deref(), Some(SWAP));
    let held = rows(&client, &GetPositions::new()).await;
    assert!(held.iter().all(|row| row.pos.is_none_or(Decimal::is_zero)), "{held:?}");
    let fills = soon(client.list(&GetFills::new())).await.expect("a list");
    assert!(fills.iter().any(|fill| fill.side == Some(Side::Sell)) && fills.iter().all(|f| f.fee.is_some()));
}

#[tokio::test]
async fn strategy_orders_are_placed_changed_and_cancelled() {
    let server = start(unlimited());
    let client = client(&server);
    let trigger =
        Trigger { trigger_px_type: Some(TriggerPxType::Last), ..Trigger::new(dec("200000"), AlgoPx::Market) };
    let place = PlaceAlgoOrder {
        algo_cl_ord_id: Some(AlgoClOrdId::new("s1")),
        ..PlaceAlgoOrder::new(
            SWAP,
            TdMode::Cross,
            Side::Buy,
            AlgoSize::Sz(dec("1")),
            AlgoKind::Trigger(trigger),
        )
    };
    let id = algo_done(&client, &PlaceAlgo(&place)).await;
    let target = AlgoTarget::AlgoId(id.clone());
    let amend =
        AmendAlgoOrder { new_trigger_px: Some(dec("210000")), ..AmendAlgoOrder::new(SWAP, target.clone()) };
    assert_eq!(algo_done(&client, &AmendAlgo(&amend)).await, id);
    let open = soon(client.list(&GetAlgosPending::new("trigger"))).await.expect("a list");
    assert_eq!((open.len(), open[0].trigger_px), (1, Some(dec("210000"))));
    let cancels = [CancelAlgoOrder::new(SWAP, target)];
    assert_eq!(algo_done(&client, &CancelAlgos(&cancels)).await, id);
    // The envelope may say 0 while the item was refused.
    let refused = rows(&client, &CancelAlgos(&cancels)).await;
    assert_ne!(refused[0].s_code.as_deref(), Some("0"), "{refused:?}");
}

#[tokio::test]
async fn spreads_have_their_own_commands() {
    let server = start(unlimited());
    let client = client(&server);
    let spread = rows(&client, &GetSpreads::new()).await.remove(0);
    let sprd_id: SprdId = spread.sprd_id.clone();
    let size = spread.min_sz.expect("a size");
    let place = |id: &str| PlaceSpreadOrder {
        px: Some(dec("-9000")),
        cl_ord_id: Some(ClOrdId::new(id)),
        ..PlaceSpreadOrder::new(sprd_id.clone(), Side::Buy, OrdType::Limit, size)
    };
    done(&client, &PlaceSpread(&place("x1"))).await;
    done(&client, &PlaceSpread(&place("x2"))).await;
    let amend = AmendSpreadOrder { new_px: Some(dec("-9100")), ..AmendSpreadOrder::new(by_client("x1")) };
    done(&client, &AmendSpread(&amend)).await;
    let look = GetSpreadOrder { cl_ord_id: Some(ClOrdId::new("x1")), ..GetSpreadOrder::new() };
    assert_eq!(rows(&client, &look).await[0].px, Some(dec("-9100")));
    done(&client, &CancelSpread(&CancelSpreadOrder::new(by_client("x1")))).await;
    let all = MassCancelSpread::new();
    assert_eq!(rows(&client, &CancelMassSpread(&all)).await[0].result, Some(true));
    let armed = CancelAllAfter::arm(60).expect("within bounds");
    assert!(rows(&client, &CancelAfterSpread(&armed)).await[0].trigger_time_ms.is_some());
}

#[tokio::test]
async fn the_switch_counts_by_its_tag() {
    let server = start(unlimited());
    let client = client(&server);
    let tagged =
        CancelAllAfter { tag: Some("desk1".to_owned()), ..CancelAllAfter::arm(30).expect("within bounds") };
    let request = CancelAfter(&tagged).to_request();
    assert_eq!(&*request.limit_key().scope, "desk1");
    let row = soon(client.one::<CancelAfter<'_>>(&request)).await.expect("an answer");
    assert_eq!(row.tag.as_deref(), Some("desk1"));
    assert!(row.trigger_time_ms.is_some_and(|at| at > 0));
    let off = CancelAllAfter { tag: Some("desk1".to_owned()), ..CancelAllAfter::disarm() };
    let row = soon(client.one::<CancelAfter<'_>>(&CancelAfter(&off).to_request())).await.expect("an answer");
    assert_eq!(row.trigger_time_ms, Some(0));
}
