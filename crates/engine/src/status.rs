//! What clients are told of the "cluster" that an embedded database is: one healthy process.
//!
//! It has the parts that clients, tools and tests look at, not the whole of a cluster's status.

use crate::core::Core;

/// The address of the process that is none. Nothing listens there.
pub(crate) const ADDRESS: &str = "127.0.0.1:4500";
pub(crate) const CLUSTER_ID: &str = "00000000000000000000000000000001";
pub(crate) const CONNECTION_STRING: &str = "embedded:found@127.0.0.1:4500";
pub(crate) const HEALTH: &str = concat!(
    r#"{"batch_limited":false,"limiting_storage_durability_lag":0,"limiting_storage_queue":0,"tps_limit":1e6,"#,
    r#""worst_storage_durability_lag":0,"worst_storage_queue":0,"worst_tlog_queue":0}"#
);

/// The status that `fdb_database_get_client_status` gives.
pub(crate) fn client(core: &Core) -> String {
    format!(
        concat!(
            r#"{{"ClusterID":"{id}","CommitProxies":["{address}"],"Connections":[{{"Address":"{address}","#,
            r#""Compatible":true,"ConnectFailedCount":0,"Protocol":"fdb00b073000000","Status":"connected"}}],"#,
            r#""Coordinators":["{address}"],"CurrentCoordinator":"{address}","GrvProxies":["{address}"],"#,
            r#""Healthy":true,"NumConnectionsFailed":0,"StorageServers":[{{"Address":"{address}","#,
            r#""SSID":"{id}"}}],"Target":{target}}}"#
        ),
        id = CLUSTER_ID,
        address = ADDRESS,
        target = quoted(&core.target),
    )
}

/// The status that `\xff\xff/status/json` gives: what clients and tests look at.
pub(crate) fn json(core: &Core) -> String {
    let path = quoted(&core.target);
    let timestamp = core.clock.wall().as_secs();
    let engine = if core.is_durable() { "ssd" } else { "memory" };
    format!(
        concat!(
            r#"{{"client":{{"cluster_file":{{"path":{path},"up_to_date":true}},"coordinators":{{"coordinators":"#,
            r#"[{{"address":"{address}","protocol":"0fdb00b073000000","reachable":true}}],"quorum_reachable":true}},"#,
            r#""database_status":{{"available":true,"healthy":true}},"messages":[],"timestamp":{timestamp}}},"#,
            r#""cluster":{{"clients":{{"count":1}},"configuration":{{"redundancy_mode":"single","#,
            r#""storage_engine":"{engine}","tenant_mode":"optional_experimental","usable_regions":1}},"#,
            r#""data":{{"state":{{"healthy":true,"name":"healthy"}}}},"database_available":true,"#,
            r#""database_lock_state":{{"locked":{locked}}},"full_replication":true,"generation":1,"messages":[],"#,
            r#""processes":{{"embedded":{{"address":"{address}","class_type":"unset","messages":[],"#,
            r#""roles":[{{"role":"storage"}}],"version":"7.3.63"}}}},"protocol_version":"fdb00b073000000","#,
            r#""recovery_state":{{"name":"fully_recovered"}}}}}}"#
        ),
        path = path,
        locked = core.read_point().locked,
        address = ADDRESS,
        timestamp = timestamp,
        engine = engine,
    )
}

/// A text as a JSON string.
fn quoted(text: &str) -> String {
    let mut json = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => json.extend(['\\', character]),
            control if u32::from(control) < 0x20 => json.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => json.push(other),
        }
    }
    json.push('"');
    json
}
